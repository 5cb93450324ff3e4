import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, it } from 'node:test'
import { Reaper } from '../../../src/backends/reaper.ts'
import { type ChildExit, ChildWatch, describeChildExit } from '../../../src/server/hosts/child-watch.ts'
import { within } from '../../support/wait-until.ts'

/** Runs a command to its end and gives what was told. */
async function watch(command: string, args: string[], then: (watched: ChildWatch) => void = () => {}) {
  const reaper = new Reaper()
  const { promise, resolve } = Promise.withResolvers<ChildExit>()
  let output = ''
  let ends = 0
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const watched = new ChildWatch(child, reaper, {
    output: (_stream, bytes) => {
      output += Buffer.from(bytes).toString()
    },
    gone: (exit) => {
      ends += 1
      resolve(exit)
    },
  })
  then(watched)
  const exit = await within(promise, 'the child has gone')
  await reaper.close()
  return { exit, output, ends, watched }
}

describe('ChildWatch', { skip: process.platform === 'win32' }, () => {
  it('tells the end once, after all output', async () => {
    const { exit, output, ends } = await watch('sh', ['-c', 'echo one; echo two >&2; exit 4'])
    assert.deepEqual([exit.code, ends], [4, 1])
    assert.ok(output.includes('one') && output.includes('two'))
    assert.equal(describeChildExit('process', exit), 'its process exited with code 4')
  })

  it('does not wait for a grandchild that holds the output open', async () => {
    const { exit } = await watch('sh', ['-c', 'sleep 30 & exit 0'])
    assert.equal(exit.code, 0)
  })

  it('tells that a program could not be started', async () => {
    const { exit } = await watch('/there/is/no/such/program', [])
    assert.match(describeChildExit('program', exit), /^its program could not be started: .*ENOENT/)
  })

  it('kills, and leaves alone what has ended', async () => {
    const { exit, watched } = await watch('sleep', ['30'], (child) => child.kill())
    assert.equal(describeChildExit('process', exit), 'its process was ended by SIGKILL')
    assert.ok(watched.hasExited)
    watched.kill()
    watched.signal('SIGTERM')
  })
})
