import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toPlanRows } from '../../../src/server/ports/plan-rows.ts'
import { planOn } from './plan.ts'

describe('toPlanRows()', () => {
  const plan = planOn({
    groups: [
      { name: 'red', workers: [0, 1], address: '192.168.0.1', ports: { from: 11_000 }, cores: [0, 1] },
      { name: 'blue', workers: 1, adapter: 'eth1', ports: { from: 15_000 }, serversPerWorker: 2 },
    ],
  })

  it('has one row for each server', () => {
    assert.deepEqual(
      toPlanRows(plan).map((row) => Object.values(row).join(' ')),
      [
        'red-0 red 0,1 192.168.0.1 11000 inherit',
        'red-1 red 0,1 192.168.0.1 11001 inherit',
        'blue-0 blue all 192.168.0.3 15000 inherit',
        'blue-0 blue all 192.168.0.3 15001 inherit',
      ],
    )
  })

  it('is flat, frozen, and the same JSON for the same plan', () => {
    const rows = toPlanRows(plan)
    assert.ok(Object.isFrozen(rows) && rows.every((row) => Object.isFrozen(row)))
    for (const row of rows) for (const value of Object.values(row)) assert.notEqual(typeof value, 'object')
    assert.equal(JSON.stringify(rows), JSON.stringify(toPlanRows(plan)))
  })
})
