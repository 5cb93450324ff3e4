import assert from 'node:assert/strict'
import { it } from 'node:test'
import { packRows } from '../../src/codec/pack-rows.ts'

it('objects of one shape become columns', () => {
  const rows = [
    { id: 1, note: 'a', any: 1n },
    { id: 2, note: null, any: 'b' },
  ]
  assert.deepEqual(packRows(rows, rows[0]!), {
    kind: 'rows',
    length: 2,
    keys: ['id', 'note', 'any'],
    columns: [
      { kind: 'integers', data: Int32Array.of(1, 2) },
      { kind: 'sparse', blanks: Uint8Array.of(0, 2), dense: { kind: 'strings', lengths: Uint8Array.of(1), text: 'a' } },
      [1n, 'b'],
    ],
  })
})

it('objects of another shape, class or order of keys stay as they are', () => {
  const others = [[], {}, new Date(0), { a: 1 }, { b: 2, a: 1 }, { a: 1, b: 2, c: 3 }, { a: [], b: 2 }, 7, null]
  for (const other of others) {
    const values = [{ a: 1, b: 2 }, other]
    assert.equal(packRows(values, { a: 1, b: 2 }), values)
  }
  for (const first of [[], {}, new Date(0)]) {
    const values = [first, first]
    assert.equal(packRows(values, first), values)
  }
})
