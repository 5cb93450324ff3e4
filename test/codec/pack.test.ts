import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { countPacked, isPacked, nameCodec, pack, unpack } from '../../src/codec/pack.ts'
import { snapshot } from '../../src/codec/snapshot.ts'

function toSnapshot(value: unknown): unknown {
  return snapshot(value, { root: 'item', portable: false }).value
}

/** As values travel: packed, cloned, checked, unpacked. */
function send(values: readonly unknown[]): readonly unknown[] {
  const arrived = structuredClone(pack(values))
  assert.ok(Array.isArray(arrived) || isPacked(arrived))
  assert.equal(countPacked(arrived), values.length)
  return unpack(arrived)
}

function codecOf(values: readonly unknown[]): string {
  return nameCodec(pack(values.map(toSnapshot)))
}

const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
)
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31)))
const primitive = fc.oneof(number, anyString, fc.boolean(), fc.constantFrom(null, undefined), fc.bigInt())
const row = fc.dictionary(fc.string({ maxLength: 3 }), primitive, { maxKeys: 3, noNullPrototype: true })
const sameRows = fc
  .uniqueArray(fc.oneof(fc.string(), fc.constantFrom('__proto__', '0', '10', 'constructor')), { maxLength: 5 })
  .chain((keys) =>
    fc.array(fc.tuple(...keys.map(() => primitive)), { minLength: 8, maxLength: 20 }).map((rows) => {
      return rows.map((members) => Object.fromEntries(members.map((member, i) => [keys[i]!, member])))
    }),
  )
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
})
const chunk = fc.oneof(
  fc.array(number, { minLength: 8 }),
  fc.array(anyString, { minLength: 8 }),
  fc.array(fc.boolean(), { minLength: 8 }),
  fc
    .constantFrom<fc.Arbitrary<unknown>[]>(number, anyString, fc.boolean())
    .chain((kind) => fc.array(fc.oneof(kind, fc.constantFrom(null, undefined)), { minLength: 8 })),
  fc.array(primitive),
  fc.array(row, { minLength: 8 }),
  sameRows,
  fc.array(anything),
)

describe('pack() and unpack()', () => {
  it('bring what structured clone brings, whatever the values are', () => {
    fc.assert(
      fc.property(chunk, (values) => {
        const given = values.map(toSnapshot)
        assert.deepStrictEqual(send(given), structuredClone(given))
      }),
      { numRuns: 2000 },
    )
  })

  const many = <T>(make: (i: number) => T): T[] => Array.from({ length: 20 }, (_, i) => make(i))

  it('choose by what all values are', () => {
    assert.equal(codecOf(many((i) => i - 10)), 'integers')
    assert.equal(codecOf(many((i) => (i === 19 ? -0 : i))), 'doubles')
    assert.equal(codecOf(many((i) => (i === 19 ? 2 ** 31 : i))), 'doubles')
    assert.equal(codecOf(many((i) => i % 2 === 0)), 'booleans')
    assert.equal(codecOf(many((i) => `word${i}`)), 'strings')
    assert.equal(codecOf(many((i) => ({ id: i, name: `n${i}`, note: i % 3 === 0 ? null : undefined }))), 'rows')
  })

  it('keep blanks apart from values of one kind', () => {
    for (const value of [1, -0.5, true, 'word']) {
      assert.notEqual(codecOf(many((i) => (i % 3 === 0 ? undefined : value))), 'clone')
      assert.notEqual(codecOf(many((i) => (i % 3 === 1 ? null : value))), 'clone')
    }
    assert.equal(codecOf(many((i) => (i % 2 === 0 ? undefined : null))), 'clone')
    assert.equal(codecOf(many((i) => [undefined, 1, 'x'][i % 3])), 'clone')
    const rows = many((i) => ({ id: i, note: i % 3 === 0 ? null : 'note', rank: i > 3 ? i / 2 : undefined }))
    assert.deepStrictEqual(send(rows), rows)
  })

  it('leave to structured clone what is mixed, long, nested, or too little to matter', () => {
    assert.equal(codecOf([1, 2, 3]), 'clone')
    assert.equal(codecOf([]), 'clone')
    assert.equal(codecOf(many((i) => (i === 19 ? 'x' : i))), 'clone')
    assert.equal(codecOf(many(() => 'more than twelve')), 'clone')
    assert.equal(codecOf(many((i) => (i === 19 ? { b: 1 } : { a: 1 }))), 'clone')
    assert.equal(codecOf(many((i) => (i === 19 ? { a: 1, b: 1 } : { a: 1 }))), 'clone')
    assert.equal(codecOf(many((i) => ({ id: i, when: new Date(i) }))), 'clone')
    assert.equal(codecOf(many(() => ({}))), 'clone')
    assert.equal(codecOf(many(() => new Date(0))), 'clone')
    assert.equal(codecOf(many(() => JSON.parse('{ "__proto__": 1 }') as object)), 'clone')
  })

  it('keep shared and circular members as they are', () => {
    const values = many(() => {
      const value: Record<string, unknown> = { a: 1 }
      value['self'] = value
      return value
    })
    const [first] = send(values.map(toSnapshot)) as Record<string, unknown>[]
    assert.equal(first!['self'], first)
  })
})

describe('isPacked()', () => {
  const data = new Int32Array(3)
  const column = { kind: 'integers', data }
  const refused: Record<string, unknown> = {
    nothing: undefined,
    'an unknown kind': { kind: 'words', data },
    'the wrong memory': { kind: 'doubles', data },
    'memory that its sender can change': { kind: 'integers', data: new Int32Array(new SharedArrayBuffer(12)) },
    'lengths that its sender can change': {
      kind: 'strings',
      lengths: new Uint8Array(new SharedArrayBuffer(1)),
      text: 'a',
    },
    'strings without text': { kind: 'strings', lengths: new Uint8Array(1) },
    'rows without keys': { kind: 'rows', length: 1e9, keys: [], columns: [] },
    'more values than places': { kind: 'sparse', blanks: new Uint8Array(2), dense: column },
    'fewer values than places': { kind: 'sparse', blanks: new Uint8Array(4), dense: column },
    'blanks in blanks': {
      kind: 'sparse',
      blanks: new Uint8Array(3),
      dense: { kind: 'sparse', blanks: new Uint8Array(3), dense: column },
    },
    'a column too many': { kind: 'rows', length: 3, keys: ['a'], columns: [column, column] },
    'a column too short': { kind: 'rows', length: 4, keys: ['a'], columns: [column] },
    'a column of nothing': { kind: 'rows', length: 1e8, keys: ['a'], columns: [Array.from({ length: 0 })] },
    'a sparse column': { kind: 'rows', length: 4_000_000, keys: ['a'], columns: [new Array(4_000_000)] },
    'rows in rows': {
      kind: 'rows',
      length: 3,
      keys: ['a'],
      columns: [{ kind: 'rows', length: 3, keys: ['b'], columns: [column] }],
    },
    'a key that is none': { kind: 'rows', length: 3, keys: [1], columns: [column] },
    'a key that changes the prototype': { kind: 'rows', length: 3, keys: ['__proto__'], columns: [column] },
  }
  for (const [name, value] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.equal(isPacked(value), false))
  }

  it('takes whatever pack() makes of arbitrary nonsense in its place without harm', () => {
    fc.assert(
      fc.property(
        fc.record({
          kind: fc.constantFrom('integers', 'strings', 'sparse', 'rows'),
          data: fc.anything(),
          blanks: fc.uint8Array({ max: 3 }),
          dense: fc.anything(),
          lengths: fc.uint8Array(),
          text: fc.string(),
          length: fc.nat(),
          keys: fc.anything(),
          columns: fc.anything(),
        }),
        (value) => {
          if (isPacked(value)) assert.equal(unpack(value).length, countPacked(value))
        },
      ),
    )
  })
})
