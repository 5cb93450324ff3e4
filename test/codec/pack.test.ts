import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { countPacked, isPacked, nameCodec, pack, unpack } from '../../src/codec/pack.ts'
import { chunk, toSnapshot } from '../support/chunk-values.ts'
import { assertSameGraph } from '../support/same-graph.ts'

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

describe('pack() and unpack()', () => {
  it('bring what structured clone brings, whatever the values are', () => {
    fc.assert(
      fc.property(chunk, (values) => {
        const given = values.map(toSnapshot)
        assertSameGraph(send(given), structuredClone(given))
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
    assert.equal(codecOf(many((i) => ({ id: i, tags: [i] }))), 'clone')
    assert.equal(codecOf(many(() => ({}))), 'clone')
    assert.equal(codecOf(many(() => new Map())), 'clone')
    assert.equal(codecOf(many(() => JSON.parse('{ "__proto__": 1 }') as object)), 'clone')
  })

  it('know rows in rows, and views', () => {
    const made = many((i) => ({ id: i, at: { x: i / 3, y: { z: `z${i}` } }, bytes: Uint8Array.of(i) }))
    assert.equal(codecOf(made), 'rows')
    assert.deepStrictEqual(send(made), made)
    for (const view of [Buffer.from('a'), new Float64Array(1), new BigInt64Array(3)]) {
      assert.equal(codecOf(many(() => view)), 'views')
    }
    assert.equal(codecOf(many((i) => (i === 19 ? Int8Array.of(1) : Uint8Array.of(1)))), 'clone')
    assert.equal(codecOf(many(() => new Uint8Array(2000))), 'clone')
    assert.equal(codecOf(many(() => new DataView(new ArrayBuffer(8)))), 'clone')
    assert.equal(codecOf(many(() => new ArrayBuffer(8))), 'clone')
  })

  it('know dates, also where some are missing', () => {
    assert.equal(codecOf(many((i) => new Date(i))), 'dates')
    assert.equal(codecOf(many((i) => (i % 2 === 0 ? null : new Date(i)))), 'dates')
    const made = many((i) => ({ id: i, begun: new Date(i), ended: i < 9 ? undefined : new Date(i) }))
    assert.equal(codecOf(made), 'rows')
    assert.deepStrictEqual(send(made), made)
    const one = new Date(1)
    assert.equal(codecOf(many(() => ({ begun: one, ended: one }))), 'clone')
    assert.equal(codecOf(many((i) => ({ begun: one, ended: i < 9 ? null : one }))), 'clone')
    assert.equal(codecOf(many((i) => ({ when: i < 9 ? null : i < 15 ? one : 1 }))), 'clone')
    assert.equal(codecOf(many((i) => ({ when: i < 9 ? null : i < 15 ? one : /a/ }))), 'clone')
  })

  it('give every view a buffer of its own, of exactly its bytes', () => {
    const views = many((i) => new Uint16Array(i * 10))
    for (const view of send(views) as Uint16Array[]) {
      assert.equal(view.buffer.byteLength, view.byteLength)
      assert.equal(view.byteOffset, 0)
    }
    assert.equal(new Set((send(views) as Uint16Array[]).map(({ buffer }) => buffer)).size, views.length)
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
