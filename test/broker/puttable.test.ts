import assert from 'node:assert/strict'
import { it } from 'node:test'
import { listItems } from '../../src/broker/puttable.ts'

it('listItems() takes an array for a chunk, passes chunks on, and wraps all else', () => {
  assert.deepEqual(listItems([1, [2]]), [1, [2]])
  assert.deepEqual(listItems({ ticket: { queue: 'a', serial: 1 }, items: [1] }), [1])
  for (const one of [5, null, undefined, 'ab', { items: [1] }, { items: [1], ticket: {} }, new Set([1])]) {
    assert.deepEqual(listItems(one), [one])
  }
  const more = { ticket: { queue: 'a', serial: 1 }, items: [1], name: 'mine' }
  assert.deepEqual(listItems(more), [more])
})
