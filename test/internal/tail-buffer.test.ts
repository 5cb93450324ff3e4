import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TailBuffer } from '../../src/internal/tail-buffer.ts'

describe('TailBuffer', () => {
  it('keeps the last bytes, in whatever pieces they come', () => {
    const pieces = fc.array(fc.string({ unit: 'binary-ascii', maxLength: 30 }))
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 40 }), (texts, limit) => {
        const tail = new TailBuffer(limit)
        for (const text of texts) tail.push(Buffer.from(text))
        assert.equal(tail.toString(), texts.join('').slice(-limit))
      }),
    )
  })

  it('is empty at first', () => assert.equal(new TailBuffer(10).toString(), ''))
})
