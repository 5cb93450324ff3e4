import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeThrown, summarizeThrown } from '../../src/internal/describe-thrown.ts'

class Hostile extends Error {
  override get message(): never {
    throw this
  }
}

const cases: readonly (readonly [thrown: unknown, described: string, summarized?: string])[] = [
  [new RangeError('too far'), 'RangeError: too far', 'too far'],
  [new TypeError(''), 'TypeError'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [() => {}, 'a function'],
  [{ toString: 5, valueOf: 5 }, 'an object'],
  [Object.create(null), 'an object'],
  [Object.defineProperty(new Error('m'), 'message', { get: () => assert.fail() }), 'something that cannot be read'],
  [Object.create(Hostile.prototype), 'something that cannot be read'],
]

describe('describeThrown()', () => {
  for (const [thrown, described] of cases)
    it(`says ${described}`, () => assert.equal(describeThrown(thrown), described))
})

describe('summarizeThrown()', () => {
  for (const [thrown, described, summarized = described] of cases) {
    it(`says ${summarized}`, () => assert.equal(summarizeThrown(thrown), summarized))
  }
})
