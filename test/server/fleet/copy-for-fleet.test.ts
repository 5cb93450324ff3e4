import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { copyForFleet } from '../../../src/server/fleet/copy-for-fleet.ts'

const options = { root: 'input', isPortable: true, what: "create instance 'x'" }

describe('copyForFleet()', () => {
  it('gives a copy', () => {
    const value = { a: [1] }
    const copy = copyForFleet(value, options)
    assert.deepEqual(copy, value)
    assert.notEqual(copy, value)
  })

  it('refuses what cannot travel, with its path', () => {
    assert.throws(() => copyForFleet({ a: [() => 1] }, options), {
      code: 'ERR_EISENMP_CLONE',
      message: "Cannot create instance 'x': input.a[0]: a function cannot be copied",
    })
    assert.throws(() => copyForFleet(new SharedArrayBuffer(1), options), { code: 'ERR_EISENMP_CLONE' })
    assert.ok(copyForFleet(new SharedArrayBuffer(1), { ...options, isPortable: false }))
  })
})
