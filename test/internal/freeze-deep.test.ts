import assert from 'node:assert/strict'
import { it } from 'node:test'
import { freezeDeep } from '../../src/internal/freeze-deep.ts'

it('freezes all that a value holds, and leaves views of memory as they are', () => {
  const bytes = new Uint8Array(2)
  const shared = new SharedArrayBuffer(2)
  const value = { list: [{ deep: 1 }], bytes, shared, nothing: null }
  assert.equal(freezeDeep(value), value)
  assert.ok(Object.isFrozen(value) && Object.isFrozen(value.list) && Object.isFrozen(value.list[0]))
  bytes[0] = 7
  assert.equal(value.bytes[0], 7)
  assert.equal(freezeDeep(3), 3)
})
