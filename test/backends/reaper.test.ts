import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { describe, it } from 'node:test'
import { Reaper } from '../../src/backends/reaper.ts'
import { within } from '../support/wait-until.ts'

function start(): { child: ChildProcess; pid: number; ended: Promise<NodeJS.Signals | null> } {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)))
  return { child, pid: child.pid!, ended }
}

describe('Reaper', { skip: process.platform === 'win32' }, () => {
  it('ends the processes it watches, and those only', async () => {
    const reaper = new Reaper()
    const [first, second, forgotten] = [start(), start(), start()]
    for (const { pid } of [first, second, forgotten]) reaper.watch(pid)
    reaper.forget(forgotten.pid)
    await within(reaper.close(), 'close()')
    assert.equal(await within(first.ended, 'the first'), 'SIGKILL')
    assert.equal(await within(second.ended, 'the second'), 'SIGKILL')
    assert.equal(forgotten.child.exitCode, null)
    forgotten.child.kill('SIGTERM')
    assert.equal(await forgotten.ended, 'SIGTERM')
  })

  it('is no process at all before it watches one, and can be closed again', async () => {
    const reaper = new Reaper()
    await reaper.close()
    const { pid, ended } = start()
    reaper.watch(pid)
    await reaper.close()
    await reaper.close()
    assert.equal(await ended, 'SIGKILL')
  })
})
