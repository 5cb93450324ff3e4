import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { it } from 'node:test'
import { isProcessStopped } from '../../src/backends/process-state.ts'
import { waitUntil } from '../support/wait-until.ts'

it(
  'isProcessStopped() tells a stopped process from a running one and from none',
  { skip: process.platform !== 'linux' },
  async () => {
    const child = spawn('sleep', ['60'])
    const ended = new Promise((resolve) => child.on('exit', resolve))
    try {
      assert.equal(isProcessStopped(child.pid!), false)
      child.kill('SIGSTOP')
      await waitUntil(() => isProcessStopped(child.pid!), 'the process to be stopped')
      child.kill('SIGCONT')
      await waitUntil(() => !isProcessStopped(child.pid!), 'the process to go on')
    } finally {
      child.kill('SIGKILL')
    }
    await ended
    assert.equal(isProcessStopped(child.pid!), false)
  },
)
