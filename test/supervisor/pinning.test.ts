import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, it } from 'node:test'
import { readAllowedCores } from '../../src/supervisor/allowed-cores.ts'
import { pinWorker } from '../../src/supervisor/pinning.ts'
import { findTaskset } from '../support/taskset.ts'

describe('pinWorker()', () => {
  it('pins a process, with all its threads', { skip: findTaskset() }, async () => {
    const child = spawn(process.execPath, [
      '--eval',
      "console.log('up'); process.stdin.on('data', () => process.exit())",
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const core = readAllowedCores()!.at(-1)!
    assert.equal(await pinWorker({ backend: 'processes', pid: child.pid!, systemThreadId: 0 }, [core]), 'pinned')
    assert.deepEqual(readAllowedCores(`/proc/${child.pid}`), [core])
    child.stdin.write('end')
    await new Promise((resolve) => child.on('exit', resolve))
  })

  it('tells what taskset said of a core that is not there', { skip: findTaskset() }, async () => {
    const place = { backend: 'threads', pid: process.pid, systemThreadId: process.pid } as const
    assert.match(await pinWorker(place, [9999]), /^not supported: taskset failed: /)
  })

  it('tells that there is no taskset', { skip: process.platform !== 'linux' && 'only Linux pins' }, async () => {
    const { PATH } = process.env
    process.env['PATH'] = '/nowhere'
    try {
      const place = { backend: 'threads', pid: process.pid, systemThreadId: process.pid } as const
      assert.equal(await pinWorker(place, [0]), 'not supported: there is no command taskset on this machine')
    } finally {
      process.env['PATH'] = PATH
    }
  })

  it('tells why a worker cannot be pinned', async () => {
    const place = { pid: process.pid, systemThreadId: 0 }
    assert.match(await pinWorker({ ...place, backend: 'inline' }, [0]), /^not supported: inline workers run in/)
    assert.match(
      await pinWorker({ ...place, backend: 'threads' }, [0]),
      /^not supported: (its permissions|not on this)/,
    )
  })
})
