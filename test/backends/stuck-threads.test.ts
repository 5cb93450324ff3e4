import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { describe, it } from 'node:test'
import { endProgramDespite } from '../../src/backends/stuck-threads.ts'
import { runProgram } from '../support/run-program.ts'

describe('endProgramDespite()', () => {
  it(
    'ends a program by SIGKILL whose thread is blocked, and says so',
    { skip: process.platform === 'win32' },
    async () => {
      const { signal, stdout, stderr } = await runProgram('stuck-thread.ts')
      assert.equal(signal, 'SIGKILL')
      assert.equal(stdout, 'written off\n')
      assert.match(
        stderr,
        /^eisenmp: a worker thread is blocked outside JavaScript; ending by SIGKILL, the exit code would have been 7\n$/,
      )
    },
  )

  it('listens to the end of the program only while a thread is stuck', () => {
    const former = process.listenerCount('exit')
    const threads = [new EventEmitter(), new EventEmitter()]
    for (const thread of threads) endProgramDespite(thread)
    assert.equal(process.listenerCount('exit'), former + 1)
    threads[0]!.emit('exit')
    assert.equal(process.listenerCount('exit'), former + 1)
    threads[1]!.emit('exit')
    assert.equal(process.listenerCount('exit'), former)
  })
})
