import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { isPacked } from '../../src/codec/check-packed.ts'
import { countPacked } from '../../src/codec/count-packed.ts'
import { pack } from '../../src/codec/pack.ts'
import type { PackedValues } from '../../src/codec/packed.ts'
import { unpack } from '../../src/codec/unpack.ts'
import { chunk, toSnapshot } from '../support/chunk-values.ts'

const integers = (): object => ({ kind: 'integers', data: new Int32Array(3) })
const rowsOf = (...columns: readonly unknown[]): object => {
  return { kind: 'rows', length: 3, keys: columns.map((_, at) => `key${at}`), columns }
}

function nest(levels: number): object {
  return levels === 0 ? rowsOf(integers()) : rowsOf(nest(levels - 1))
}

const shared = new Int32Array(3)
const array = [1, 2, 3]
const endless = { kind: 'rows', length: 3, keys: ['a'], columns: [] as unknown[] }
endless.columns.push(endless)
const sharedBytes = new Uint8Array(new SharedArrayBuffer(1))

const refused: Record<string, unknown> = {
  nothing: undefined,
  'an unknown kind': { kind: 'words', data: new Int32Array(3) },
  'the wrong memory': { kind: 'doubles', data: new Int32Array(3) },
  'memory that its sender can change': { kind: 'integers', data: new Int32Array(new SharedArrayBuffer(12)) },
  'lengths that its sender can change': { kind: 'strings', lengths: sharedBytes, text: '' },
  'strings without text': { kind: 'strings', lengths: new Uint8Array(1) },
  'strings longer than their text': { kind: 'strings', lengths: Uint8Array.of(2, 2), text: 'abc' },
  'strings shorter than their text': { kind: 'strings', lengths: Uint8Array.of(1, 1), text: 'abc' },
  'strings that would hold their text': { kind: 'strings', lengths: Uint8Array.of(13), text: 'x'.repeat(13) },
  'more values than places': { kind: 'sparse', blanks: new Uint8Array(2), dense: integers() },
  'fewer values than places': { kind: 'sparse', blanks: new Uint8Array(4), dense: integers() },
  'blanks in blanks': {
    kind: 'sparse',
    blanks: new Uint8Array(3),
    dense: { kind: 'sparse', blanks: new Uint8Array(3), dense: integers() },
  },
  'rows with blanks': { kind: 'sparse', blanks: new Uint8Array(3), dense: rowsOf(integers()) },
  'views without lengths': { kind: 'views', data: new Uint8Array(3) },
  'views of nothing': { kind: 'views', lengths: Uint32Array.of(2 ** 32 - 1), data: new Uint8Array(3) },
  'views shorter than their bytes': { kind: 'views', lengths: Uint32Array.of(1, 1), data: new Uint8Array(3) },
  'views of a DataView': { kind: 'views', lengths: Uint32Array.of(3), data: new DataView(new ArrayBuffer(3)) },
  'views that their sender can change': { kind: 'views', lengths: Uint32Array.of(1), data: sharedBytes },
  'rows without keys': { kind: 'rows', length: 1e9, keys: [], columns: [] },
  'a column too many': { kind: 'rows', length: 3, keys: ['a'], columns: [integers(), integers()] },
  'a column too short': { kind: 'rows', length: 4, keys: ['a'], columns: [integers()] },
  'a column of nothing': { kind: 'rows', length: 1e8, keys: ['a'], columns: [Array.from({ length: 0 })] },
  'columns that are not there': { kind: 'rows', length: 3, keys: ['a'], columns: new Array(1) },
  'a sparse column': { kind: 'rows', length: 4_000_000, keys: ['a'], columns: [new Array(4_000_000)] },
  'a short sparse column': { kind: 'rows', length: 9, keys: ['a'], columns: [new Array(9)] },
  'memory in two columns': rowsOf({ kind: 'integers', data: shared }, { kind: 'integers', data: shared }),
  'values in two columns': rowsOf(array, array),
  'a part in two columns': rowsOf(...new Array<object>(2).fill(rowsOf(integers()))),
  'rows too deep': nest(5),
  'rows that never end': endless,
  'keys that are not there': { kind: 'rows', length: 3, keys: new Array(1), columns: [integers()] },
  'a key that is none': { kind: 'rows', length: 3, keys: [1], columns: [integers()] },
  'a key that changes the prototype': { kind: 'rows', length: 3, keys: ['__proto__'], columns: [integers()] },
}

/** All members of all columns. */
function countCells(values: PackedValues): number {
  if (!('kind' in values) || values.kind !== 'rows') return countPacked(values)
  return values.columns.reduce((cells, column) => cells + countCells(column), 0)
}

function assertHarmless(value: unknown): void {
  if (!isPacked(value)) return
  assert.equal(unpack(value).length, countPacked(value))
  assert.ok(countCells(value) <= serialize(value).length)
}

/** The fields of packed values and of what is in them. */
function listFields(value: unknown, depth = 0): (readonly [owner: Record<string, unknown>, key: string])[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 12) return []
  const owner = value as Record<string, unknown>
  return Object.keys(owner).flatMap((key) => [[owner, key] as const, ...listFields(owner[key], depth + 1)])
}

const junk = fc.oneof(
  fc.anything({ withTypedArray: true, withSparseArray: true }),
  fc.constantFrom('integers', 'doubles', 'booleans', 'dates', 'strings', 'sparse', 'views', 'rows'),
  fc.nat(20),
  fc.uint8Array({ max: 14, maxLength: 20 }),
  fc.uint32Array({ max: 3, maxLength: 20 }),
)

describe('isPacked()', () => {
  it('takes rows in rows, as deep as they are packed', () => assert.ok(isPacked(nest(4))))

  for (const [name, value] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.equal(isPacked(value), false))
  }

  it('lets nothing through that does harm: nonsense in any field', () => {
    const field = fc.tuple(fc.nat(), junk)
    fc.assert(
      fc.property(chunk, fc.array(field, { minLength: 1, maxLength: 3 }), (values, changes) => {
        const packed = structuredClone(pack(values.map(toSnapshot)))
        const fields = listFields(packed)
        if (!('kind' in packed) || fields.length === 0) return
        for (const [at, value] of changes) {
          const [owner, key] = fields[at % fields.length]!
          owner[key] = value
        }
        assertHarmless(packed)
      }),
      { numRuns: 1000 },
    )
  })

  it('lets nothing through that does harm: one part of it in the place of another', () => {
    fc.assert(
      fc.property(chunk, fc.nat(), fc.nat(), (values, from, to) => {
        const packed = structuredClone(pack(values.map(toSnapshot)))
        const fields = listFields(packed)
        if (!('kind' in packed) || fields.length === 0) return
        const [source, name] = fields[from % fields.length]!
        const [target, key] = fields[to % fields.length]!
        target[key] = source[name]
        assertHarmless(packed)
      }),
      { numRuns: 500 },
    )
  })

  it('lets nothing through that does harm: other bytes', () => {
    fc.assert(
      fc.property(chunk, fc.nat(), fc.nat(), fc.nat(0xff), (values, which, at, byte) => {
        const packed = structuredClone(pack(values.map(toSnapshot)))
        const blocks = listFields(packed)
          .map(([owner, key]) => owner[key])
          .filter((value) => ArrayBuffer.isView(value))
        const block = blocks[which % Math.max(1, blocks.length)]
        if (!('kind' in packed) || block === undefined || block.byteLength === 0) return
        new Uint8Array(block.buffer)[at % block.byteLength] = byte
        assertHarmless(packed)
      }),
      { numRuns: 500 },
    )
  })
})
