import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { describe, it } from 'node:test'
import { createPool } from '../../src/index.ts'
import { claimCores } from '../../src/supervisor/core-budget.ts'
import { waitUntil } from '../support/wait-until.ts'

const modules = new URL('../fixtures/tasks.worker.ts', import.meta.url)

describe("createPool({ workers: 'rest' })", () => {
  it('has what servers leave, and follows', async () => {
    const cores = availableParallelism()
    const giveBack = claimCores(1)
    const pool = await createPool({ modules, workers: 'rest' })
    const count = (): number => pool.stats().workers.length
    assert.equal(count(), Math.max(1, cores - 1))
    giveBack()
    await waitUntil(() => count() === cores, 'the pool has all cores')
    const again = claimCores(cores)
    await waitUntil(() => count() === 1, 'the pool has one core')
    await pool.close()
    again()
  })

  it('refuses other words', async () => {
    const workers = 'all' as 'rest'
    await assert.rejects(createPool({ modules, workers }), {
      code: 'ERR_EISENMP_OPTION',
      message: /from 1 to 1024, or 'rest'/,
    })
  })
})
