import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isPacked } from '../../src/codec/check-packed.ts'
import { countPacked } from '../../src/codec/count-packed.ts'
import { unpack } from '../../src/codec/unpack.ts'

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
