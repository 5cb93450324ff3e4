import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fstatSync, writeSync } from 'node:fs'
import { describe, it } from 'node:test'
import { MarkFile } from '../../src/backends/mark-file.ts'

describe('MarkFile', () => {
  it('is idle at first, and has no name that could be left behind', () => {
    const file = MarkFile.create()!
    assert.deepEqual(file.read(), { unit: 0, offset: 0, startedAtMs: 0 })
    assert.equal(fstatSync(file.fd).nlink, 0)
    file.close()
  })

  it('shows what another process has written, also after its death', () => {
    const file = MarkFile.create()!
    const script =
      "require('fs').writeSync(3, new Float64Array([7, 2, 12.5]), 0, 24, 0); process.kill(process.pid, 'SIGKILL')"
    const { signal } = spawnSync(process.execPath, ['--eval', script], {
      stdio: ['ignore', 'ignore', 'inherit', file.fd],
    })
    assert.equal(signal, 'SIGKILL')
    assert.deepEqual(file.read(), { unit: 7, offset: 2, startedAtMs: 12.5 })
    file.close()
  })

  it('has the vitals behind the mark, as long as it is open', () => {
    const file = MarkFile.create()!
    assert.equal(file.readVitals()?.answered, 0)
    writeSync(file.fd, Float64Array.of(3, 1, 0, 9, 5, 12.5, 6, 7), 0, 64, 0)
    const vitals = { systemThreadId: 9, answered: 5, answeredAtMs: 12.5, idleMs: 6, activeMs: 7 }
    assert.deepEqual([file.read()?.unit, file.readVitals()], [3, vitals])
    file.close()
    assert.equal(file.readVitals(), undefined)
  })

  it('keeps its last mark when it is closed, which it can be again', () => {
    const file = MarkFile.create()!
    writeSync(file.fd, Float64Array.of(3, 1, 0), 0, 24, 0)
    file.close()
    file.close()
    assert.throws(() => fstatSync(file.fd))
    assert.deepEqual(file.read(), { unit: 3, offset: 1, startedAtMs: 0 })
  })
})
