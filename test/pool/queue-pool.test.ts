import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Pool, QueuePool } from '../../src/index.ts'

// What it does is in test/contracts/loop-contract.ts.
it('QueuePool is a part of Pool', () => {
  assert.ok(Object.create(Pool.prototype) instanceof QueuePool)
  for (const name of ['feed', 'loop', 'results']) assert.ok(name in Pool.prototype, name)
})
