import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HeapBuilder } from '../../src/tools/heap-builder.ts'
import { viewNumbers } from '../../src/tools/number-types.ts'
import { MAX_TEXT_BYTES } from '../../src/tools/text-bytes.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'

describe('HeapBuilder', () => {
  it('puts one behind the other', () => {
    const heap = new HeapBuilder(new ToolMemory(false))
    heap.addBytes(Uint8Array.of(1, 2))
    heap.addBytes(new Uint8Array())
    heap.addText('a')
    const { length, bytes, offsets } = heap.finish()
    assert.equal(length, 3)
    assert.deepEqual(viewNumbers(bytes), Uint8Array.of(1, 2, 0, 97))
    assert.deepEqual(viewNumbers(offsets), Float64Array.of(0, 2, 2, 4))
  })

  it('refuses one that is too large', () => {
    const heap = new HeapBuilder(new ToolMemory(false))
    assert.throws(() => heap.addBytes(new Uint8Array(MAX_TEXT_BYTES + 1)), { code: 'ERR_EISENMP_SIZE' })
    assert.equal(heap.length, 0)
  })
})
