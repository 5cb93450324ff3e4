import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeText, encodeText, isTextAt } from '../../src/tools/text-bytes.ts'

/** Any code units, also lone surrogates. */
const texts = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string(),
)

describe('texts as bytes', () => {
  it('come back whole from anywhere', () => {
    fc.assert(
      fc.property(texts, fc.nat(9), (text, offset) => {
        const bytes = encodeText(text)
        const among = new Uint8Array(bytes.length + 20).fill(0xaa)
        among.set(bytes, offset)
        assert.equal(decodeText(among, offset, offset + bytes.length), text)
        assert.ok(isTextAt(among, offset, offset + bytes.length, text))
      }),
    )
  })

  it('equal no other text', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const bytes = encodeText(a)
        assert.equal(isTextAt(bytes, 0, bytes.length, b), a === b)
      }),
    )
    const wide = encodeText('Ā')
    assert.ok(!isTextAt(wide, 0, wide.length, '\0\x01'))
  })
})
