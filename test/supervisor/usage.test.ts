import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { describe, it } from 'node:test'
import { readAllowedCores } from '../../src/supervisor/allowed-cores.ts'
import { findProcFolder, readUsage } from '../../src/supervisor/usage.ts'

const skip = process.platform !== 'linux' && 'only Linux tells'

describe('readUsage()', () => {
  it('reads a process', { skip }, async () => {
    const child = spawn(process.execPath, [
      '--eval',
      "console.log('up'); process.stdin.on('data', () => process.exit())",
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const usage = readUsage({ backend: 'processes', pid: child.pid!, systemThreadId: 0 }, 1)
    assert.ok(usage.cpuMs! > 0 && usage.cpuMs! % 10 === 0, String(usage.cpuMs))
    assert.ok(usage.rssMb! > 10 && usage.rssMb! < 2000, String(usage.rssMb))
    assert.deepEqual(usage.cores, readAllowedCores())
    assert.equal(typeof usage.nice, 'number')
    child.stdin.write('end')
    await new Promise((resolve) => child.on('exit', resolve))
  })

  it('reads a thread, whose memory is that of the program', { skip }, () => {
    const usage = readUsage({ backend: 'threads', pid: process.pid, systemThreadId: process.pid }, 77)
    assert.ok(usage.cpuMs! > 0)
    assert.deepEqual([usage.rssMb, usage.cores], [77, readAllowedCores()])
  })

  it('knows nothing of what is not there or has no number', () => {
    const nothing = { cpuMs: undefined, rssMb: undefined, cores: undefined, nice: undefined }
    assert.deepEqual(readUsage({ backend: 'processes', pid: 0, systemThreadId: 0 }, 77), nothing)
    assert.deepEqual(readUsage({ backend: 'threads', pid: 0, systemThreadId: 0 }, 77), nothing)
    for (const backend of ['threads', 'inline'] as const)
      assert.deepEqual(readUsage({ backend, pid: process.pid, systemThreadId: 0 }, 77), { ...nothing, rssMb: 77 })
    const gone = { backend: 'threads', pid: process.pid, systemThreadId: 2 ** 22 + 1 } as const
    assert.deepEqual(readUsage(gone, 77), { ...nothing, rssMb: 77 })
  })
})

it('findProcFolder() believes only what can be a number of a thread', () => {
  for (const systemThreadId of [0, -1, 1.5, Number.NaN, Infinity])
    assert.equal(findProcFolder({ backend: 'threads', pid: 5, systemThreadId }), undefined)
})
