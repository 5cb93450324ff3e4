import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFrame, FrameReader } from '../../src/backends/frames.ts'
import { decodeError, encodeError } from '../../src/protocol/wire-error.ts'
import { thrownCases } from '../support/thrown-values.ts'

function sendAsFrame(value: unknown): unknown {
  return [...new FrameReader().push(encodeFrame(value))][0]
}

const channels = { 'structured clone': structuredClone, frames: sendAsFrame } as const

describe('encodeError() and decodeError()', () => {
  for (const { name, make, check } of thrownCases) {
    for (const [channel, send] of Object.entries(channels)) {
      it(`bring ${name} through ${channel}`, () => {
        const wire = encodeError(make(), channel === 'frames')
        check(decodeError(send(wire) as typeof wire, 'worker 0.1'))
      })
    }
  }

  it('name the worker at the end of each stack', () => {
    const arrived = decodeError(encodeError(new Error('m', { cause: new Error('c') }), true), 'worker 0.1') as Error
    assert.match(arrived.stack!, /^Error: m\n[^]*\n {4}at \[worker 0\.1\]$/)
    assert.match((arrived.cause as Error).stack!, /\n {4}at \[worker 0\.1\]$/)
  })

  it('make the same class of the same name again and again', () => {
    class BadRow extends Error {}
    const wire = encodeError(new BadRow('m'), true)
    const [first, second] = [decodeError(wire, 'w'), decodeError(wire, 'w')] as Error[]
    assert.equal(first!.constructor, second!.constructor)
    assert.equal(first!.constructor.name, 'BadRow')
  })

  it('keep a field named __proto__ from changing the prototype', () => {
    const error = new Error('m')
    Object.defineProperty(error, '__proto__', { value: { isAdmin: true }, enumerable: true })
    const arrived = decodeError(structuredClone(encodeError(error, true)), 'w') as Error
    assert.ok(arrived instanceof Error)
    assert.equal((arrived as { isAdmin?: unknown }).isAdmin, undefined)
  })

  it('look at no more than some thousand errors of all that hang together', () => {
    const wide = (): AggregateError => new AggregateError(Array.from({ length: 100 }, () => new Error('leaf')))
    const nested = new AggregateError(Array.from({ length: 100 }, wide))
    const arrived = decodeError(encodeError(nested, true), 'w') as AggregateError
    assert.equal((arrived.errors[0] as AggregateError).errors.length, 100)
    assert.equal(arrived.errors.at(-1), '[too many errors]')
  })

  it('take no text that the sender did not write for the name of a built-in class', () => {
    const forged = {
      kind: 'error',
      parts: { base: 'process', className: 'toString', name: 'n', message: 'm', stack: '', fields: [] },
    }
    const arrived = decodeError(forged as never, 'w') as Error
    assert.equal(Object.getPrototypeOf(Object.getPrototypeOf(arrived)), Error.prototype)
  })
})
