import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LifeRecord } from '../../src/server/life.ts'

describe('LifeRecord', () => {
  it('ends once, for all who wait', async () => {
    const life = new LifeRecord(3, 2, 100)
    assert.deepEqual([life.key, life.beatAtMs, life.isReady], ['3.2', 100, false])
    const exit = { code: 0, signal: null, reason: 'its process exited with code 0' }
    life.settle(exit)
    assert.deepEqual(await Promise.all([life.gone, life.gone]), [exit, exit])
  })
})
