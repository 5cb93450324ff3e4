import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { readAllowedCores } from '../../src/supervisor/allowed-cores.ts'
import { countDefaultWorkers, toWorkerCount } from '../../src/supervisor/default-workers.ts'
import { findTaskset } from '../support/taskset.ts'

describe('toWorkerCount()', () => {
  it('is one for each core, or as many as use up the quota', () => {
    for (const [cores, quota, workers] of [
      [8, Infinity, 8],
      [8, 1.5, 2],
      [8, 2, 2],
      [8, 2.01, 3],
      [2, 16, 2],
      [8, 0.1, 1],
      [0, Infinity, 1],
    ] as const) {
      assert.equal(toWorkerCount(cores, quota), workers, `${cores} cores, quota ${quota}`)
    }
  })
})

describe('countDefaultWorkers()', () => {
  it('is at least one here', () => assert.ok(countDefaultWorkers() >= 1))

  it('sees what affinity leaves', { skip: findTaskset() }, () => {
    const url = new URL('../../src/supervisor/default-workers.ts', import.meta.url).href
    const code = `import { countDefaultWorkers } from ${JSON.stringify(url)}; console.log(countDefaultWorkers())`
    const core = String(readAllowedCores()![0])
    const argv = ['-c', core, process.execPath, '--input-type=module', '--eval', code]
    assert.equal(spawnSync('taskset', argv, { encoding: 'utf8' }).stdout, '1\n')
  })
})
