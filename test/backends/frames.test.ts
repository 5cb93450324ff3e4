import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { FrameError, FrameReader, MAX_FRAME_BYTES, encodeFrame } from '../../src/backends/frames.ts'
import { snapshot } from '../../src/codec/snapshot.ts'
import { cloneableValue } from '../support/cloneable-values.ts'
import { assertSameGraph } from '../support/same-graph.ts'

function toHeader(length: number, checksum: number): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(length, 0)
  header.writeUInt32LE(checksum, 4)
  return header
}

/** Reads bytes that come in pieces. */
function readPieces(bytes: Buffer, sizes: readonly number[]): unknown[] {
  const reader = new FrameReader()
  const values: unknown[] = []
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    values.push(...reader.push(bytes.subarray(at, at + size)))
    at += size
  }
  return values
}

describe('encodeFrame() and FrameReader', () => {
  it('bring every value that can leave the process, in whatever pieces it comes', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 })
    fc.assert(
      fc.property(fc.array(cloneableValue, { maxLength: 4 }), sizes, (values, pieces) => {
        const sent = values.map((value) => snapshot(value, { root: 'value', portable: true }).value)
        const read = readPieces(Buffer.concat(sent.map(encodeFrame)), pieces)
        assert.equal(read.length, sent.length)
        for (const [index, value] of read.entries()) assertSameGraph(value, structuredClone(values[index]))
      }),
      { numRuns: 50 },
    )
  })

  it('give views bytes of their own', () => {
    const [value] = readPieces(encodeFrame([Uint8Array.of(1, 2), Float64Array.of(3)]), []) as [ArrayBufferView[]]
    for (const { buffer, byteLength } of value) assert.equal(buffer.byteLength, byteLength)
  })

  it('refuse a wrong checksum, and give what came before it', () => {
    const good = encodeFrame('good')
    const bad = encodeFrame('bad')
    bad[bad.length - 1]! ^= 1
    const reader = new FrameReader()
    const values = reader.push(Buffer.concat([good, bad]))
    assert.equal(values.next().value, 'good')
    assert.throws(() => values.next(), FrameError)
  })

  it('refuse a length beyond the limit before any memory is taken for it', () => {
    const reader = new FrameReader()
    assert.throws(() => [...reader.push(toHeader(MAX_FRAME_BYTES + 1, 0))], /^FrameError|Error: a frame announces/)
  })

  it('refuse bytes that are no value, whatever their checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const body = Buffer.from(bytes)
        try {
          void [...new FrameReader().push(Buffer.concat([toHeader(body.length, crc32(body)), body]))]
        } catch (error) {
          assert.ok(error instanceof FrameError)
        }
      }),
    )
  })

  it('throw for what cannot be encoded', () => {
    for (const value of [() => {}, Symbol('s'), new SharedArrayBuffer(1)]) assert.throws(() => encodeFrame(value))
  })
})
