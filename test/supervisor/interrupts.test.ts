import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { registerInterruptible, unregisterInterruptible } from '../../src/supervisor/interrupts.ts'
import { runProgram } from '../support/run-program.ts'

/** Sends the signals one by one, the next when the program has said the next line. */
function interrupt(how: string, signals: readonly NodeJS.Signals[]): ReturnType<typeof runProgram> {
  const left = [...signals]
  let lines = 0
  return runProgram('interrupted.ts', how, {
    onOutput(stdout, child) {
      const now = stdout.split('\n').length - 1
      for (; lines < now; lines++) {
        const signal = left.shift()
        if (signal !== undefined) child.kill(signal)
      }
    },
  })
}

describe('interrupts', { skip: process.platform === 'win32' }, () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`drain the program, which then ends with ${code}: ${signal}`, async () => {
      const result = await interrupt('quick', [signal])
      assert.deepEqual(result, { code, signal: null, stdout: `ready\ninterrupt ${signal} true\n`, stderr: '' })
    })
  }

  it('end a program at the second signal that does not get drained', async () => {
    const { code, stdout } = await interrupt('stuck', ['SIGINT', 'SIGTERM'])
    assert.deepEqual([code, stdout], [143, 'ready\ninterrupt SIGINT true\nkill\n'])
  })

  it('leave the end to a program with a handler of its own', async () => {
    const { code, stdout } = await interrupt('own', ['SIGINT'])
    assert.deepEqual([code, stdout], [0, 'ready\ninterrupt SIGINT false\nown handler\n'])
  })

  it('make those reload that can, on SIGHUP, and go on', async () => {
    const { code, stdout } = await interrupt('reload', ['SIGHUP', 'SIGHUP', 'SIGTERM'])
    assert.deepEqual([code, stdout], [143, 'ready\nreload\nreload\ninterrupt SIGTERM true\n'])
  })

  it('are listened to only while there is something to drain', () => {
    const count = (): number => process.listenerCount('SIGINT')
    const former = count()
    const members = [1, 2].map(() => ({ interrupt: async () => {}, kill: () => {} }))
    for (const member of members) registerInterruptible(member)
    assert.equal(count(), former + 1)
    unregisterInterruptible(members[0]!)
    assert.equal(count(), former + 1)
    unregisterInterruptible(members[1]!)
    unregisterInterruptible(members[1]!)
    assert.equal(count(), former)
  })
})
