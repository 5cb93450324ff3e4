import assert from 'node:assert/strict'
import { it } from 'node:test'
import { countPacked, nameCodec } from '../../src/codec/count-packed.ts'
import type { PackedValues } from '../../src/codec/packed.ts'

const integers = { kind: 'integers', data: new Int32Array(3) } as const

it('values are counted, and their codec is named, in every form', () => {
  const forms: readonly (readonly [values: PackedValues, count: number, codec: string])[] = [
    [[], 0, 'clone'],
    [[1, 'a'], 2, 'clone'],
    [integers, 3, 'integers'],
    [{ kind: 'strings', lengths: new Uint8Array(4), text: '' }, 4, 'strings'],
    [{ kind: 'sparse', blanks: Uint8Array.of(0, 0, 0, 1, 2), dense: integers }, 5, 'integers'],
    [{ kind: 'rows', length: 3, keys: ['a'], columns: [integers] }, 3, 'rows'],
  ]
  for (const [values, count, codec] of forms) {
    assert.equal(countPacked(values), count)
    assert.equal(nameCodec(values), codec)
  }
})
