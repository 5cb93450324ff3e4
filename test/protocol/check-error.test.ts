import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isWireError } from '../../src/protocol/check-error.ts'
import { decodeError, encodeError } from '../../src/protocol/wire-error.ts'
import { thrownCases } from '../support/thrown-values.ts'

const parts = { base: 'Error', className: 'Error', name: 'Error', message: 'm', stack: 's', fields: [] as unknown[] }

function toWire(change: object): unknown {
  return { kind: 'error', parts: { ...parts, ...change } }
}

describe('isWireError()', () => {
  it('knows whatever encodeError() makes', () => {
    for (const { name, make } of thrownCases) assert.ok(isWireError(structuredClone(encodeError(make(), false))), name)
  })

  const round: Record<string, unknown> = { kind: 'error' }
  round['parts'] = { ...parts, cause: round }
  const bad: readonly (readonly [name: string, value: unknown])[] = [
    ['nothing', undefined],
    ['an unknown kind', { kind: 'other' }],
    ['an error without parts', { kind: 'error' }],
    ['a message that is no text', toWire({ message: 5 })],
    ['fields that are no list', toWire({ fields: {} })],
    ['a field without a name', toWire({ fields: [[5, { kind: 'value' }]] })],
    ['a field that is no pair', toWire({ fields: [['a', { kind: 'value' }, 1]] })],
    ['a field that is no wire error', toWire({ fields: [['a', 5]] })],
    ['a cause that is none', toWire({ cause: new Error('m') })],
    ['members that are no list', toWire({ errors: 'abc' })],
    ['a list without an end', toWire({ errors: Array(4_000_000_000) })],
    ['a circle of causes', round],
  ]
  for (const [name, value] of bad) it(`refuses ${name}`, () => assert.equal(isWireError(value), false))

  it('refuses an avalanche of shared members', () => {
    let wire = toWire({})
    for (let i = 0; i < 30; i++) wire = toWire({ errors: [wire, wire] })
    assert.equal(isWireError(wire), false)
  })

  it('lets nothing through that decodeError() could not make again', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (value, cause) => {
        for (const wire of [value, toWire({ cause }), toWire({ fields: [value] }), toWire(Object(value) as object)])
          if (isWireError(wire)) decodeError(wire, 'w')
      }),
    )
  })
})
