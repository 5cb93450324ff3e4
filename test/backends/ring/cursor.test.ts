import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createRing, openRing } from '../../../src/backends/ring/byte-ring.ts'
import { CursorReader, CursorWriter, measureBlock, measureText } from '../../../src/backends/ring/cursor.ts'

const memory = openRing(createRing(65_536))
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud800 alone'))

describe('a cursor', () => {
  it('brings texts of any code units, also halves of pairs, in as many bytes as measured', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 20 }), (texts) => {
        const writer = new CursorWriter(memory).moveTo(16)
        for (const text of texts) writer.text(text)
        writer.double(0.1)
        const length = texts.reduce((sum, text) => sum + measureText(text), 8)
        const reader = new CursorReader(memory).moveTo({ offset: 16, length })
        for (const text of texts) assert.equal(reader.text(), text)
        assert.equal(reader.double(), 0.1)
      }),
    )
  })

  it('gives blocks that are copies, of memory that is not shared', () => {
    const block = Float64Array.of(1, -0, Number.NaN)
    new CursorWriter(memory).moveTo(8).block(block)
    const read = new CursorReader(memory).moveTo({ offset: 8, length: measureBlock(block) }).block(Float64Array, 3)
    memory.bytes.fill(0, 0, 64)
    assert.deepEqual(read, block)
    assert.ok(read.buffer instanceof ArrayBuffer)
    assert.equal(read.buffer.byteLength, 24)
  })

  it('never reads beyond its record', () => {
    const reader = new CursorReader(memory)
    const place = { offset: 8, length: 16 }
    for (const length of [-1, 3, 2 ** 31, Number.NaN]) {
      assert.throws(() => reader.moveTo(place).block(Float64Array, length), RangeError, String(length))
    }
    assert.equal(reader.moveTo(place).block(Float64Array, 2).length, 2)
    assert.throws(() => reader.double(), RangeError)
    new CursorWriter(memory).moveTo(8).ints(1000, 0)
    assert.throws(() => reader.moveTo(place).text(), RangeError)
  })
})
