import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { EisenmpError } from '../src/errors.ts'
import {
  type OptionRule,
  abortSignal,
  anyValue,
  checkOptions,
  flag,
  integer,
  isPlainObject,
  milliseconds,
  objectRule,
  oneOf,
  positive,
  showValue,
  strings,
} from '../src/options.ts'

const table = { workers: integer(1, 8), ordered: flag, anything: anyValue }

function refuse(given: unknown): string {
  try {
    checkOptions('test()', given, table)
  } catch (error) {
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_OPTION'))
    return error.message
  }
  return assert.fail('it was taken')
}

describe('checkOptions()', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'workers')
  })

  it('gives a copy of what was given, without a prototype', () => {
    const given = { workers: 2, anything: null }
    const options = checkOptions('test()', given, table)
    assert.deepEqual({ ...options }, given)
    assert.equal(Object.getPrototypeOf(options), null)
    assert.deepEqual({ ...checkOptions('test()', Object.create(null), table) }, {})
  })

  it('takes an option that is undefined for left out', () => {
    assert.deepEqual({ ...checkOptions('test()', { workers: undefined }, table) }, {})
  })

  it('reads nothing that was put into Object.prototype', () => {
    Reflect.defineProperty(Object.prototype, 'workers', { value: 99, configurable: true, enumerable: true })
    assert.equal(checkOptions('test()', {}, table)['workers'], undefined)
  })

  it('takes names of Object.prototype for unknown ones', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      assert.match(refuse(JSON.parse(`{"${name}": 1}`)), /there is no such option/)
    }
  })

  it('says what is wrong, what was given, and how to mend it', () => {
    const text = "Cannot use option 'workers' of test(): it is 9; it must be a whole number from 1 to 8"
    assert.equal(refuse({ workers: 9 }), text)
    assert.match(
      refuse({ worker: 2 }),
      /^Cannot use option 'worker' of test\(\): there is no such option; did you mean 'workers'\?$/,
    )
    assert.match(refuse({ odrered: true }), /did you mean 'ordered'\?$/)
    assert.match(refuse({ somethingElse: true }), /known are workers, ordered, anything$/)
  })

  it('wants a plain object', () => {
    for (const given of [
      null,
      5,
      'workers',
      [],
      () => {},
      new Map(),
      new (class Options {
        workers = 1
      })(),
    ])
      assert.match(refuse(given), /^Cannot use the options of test\(\): .* was given; give a plain object$/)
  })
})

describe('the rules', () => {
  const rules: readonly (readonly [name: string, rule: OptionRule, good: unknown[], bad: unknown[]])[] = [
    ['integer', integer(0), [0, 1, 2 ** 53 - 1], [-1, 0.5, Number.NaN, Infinity, '1', 1n, null]],
    ['integer with a maximum', integer(1, 3), [1, 3], [0, 4]],
    ['milliseconds', milliseconds(1), [1, 1.5, 2 ** 31 - 1], [0, 2 ** 31, Number.NaN, Infinity, '5']],
    ['positive', positive('p'), [0.1, 5], [0, -1, Number.NaN, Infinity, '5']],
    ['positive with a minimum', positive('p', 16), [16], [15.9]],
    ['oneOf', oneOf('a', 'b'), ['a', 'b'], ['c', 'A', undefined, ['a']]],
    ['flag', flag, [true, false], [0, 'true', null]],
    ['strings', strings, [[], ['a']], ['a', [1], null]],
    [
      'abortSignal',
      abortSignal,
      [AbortSignal.abort(), new AbortController().signal],
      [{}, null, new AbortController()],
    ],
    ['objectRule', objectRule, [{}, Object.create(null)], [[], null, new Map(), 'a']],
    ['anyValue', anyValue, [undefined, null, Symbol('s')], []],
  ]
  for (const [name, rule, good, bad] of rules) {
    it(`${name} accepts and refuses`, () => {
      for (const value of good) assert.equal(rule.accepts(value), true, showValue(value))
      for (const value of bad) assert.equal(rule.accepts(value), false, showValue(value))
      assert.ok(rule.expected.length > 0)
    })
  }
})

describe('isPlainObject()', () => {
  it('knows plain objects of another realm', async () => {
    const { runInNewContext } = await import('node:vm')
    assert.ok(isPlainObject(runInNewContext('({})')))
    assert.ok(!isPlainObject(new Date()))
  })
})

describe('showValue()', () => {
  const cases: readonly (readonly [value: unknown, text: string])[] = [
    ['a "quoted" text', '"a \\"quoted\\" text"'],
    ['x'.repeat(100), `"${'x'.repeat(60)}…"`],
    [5, '5'],
    [-0, '0'],
    [5n, '5'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('s'), 'Symbol(s)'],
    [() => {}, 'function (anonymous)'],
    [function named() {}, 'function named'],
    [[1, 2], 'an array of 2'],
    [new RangeError('m'), 'RangeError'],
    [{ toString: () => assert.fail('it was asked') }, 'an object'],
  ]
  for (const [value, text] of cases) it(`shows ${text}`, () => assert.equal(showValue(value), text))
})
