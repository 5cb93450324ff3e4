import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hashText } from '../../src/tools/hash-text.ts'

describe('hashText()', () => {
  it('is a number of 32 bits, the same for the same text and seed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer(), fc.integer(), (text, a, b) => {
        const hash = hashText(text, a, b)
        assert.equal(hash, hash >>> 0)
        assert.equal(hash, hashText(`${text}x`.slice(0, -1), a, b))
      }),
    )
  })

  it('tells texts apart, also those that differ by zeros only', () => {
    const texts = ['', '\0', '\0\0', '\0\0\0', 'a', 'a\0', 'ab', 'ba', 'aa', 'aaa', '\ud800', '\udc00']
    assert.equal(new Set(texts.map((text) => hashText(text, 1, 2))).size, texts.length)
  })

  it('is another with another seed, so that collisions cannot be prepared', () => {
    const texts = Array.from({ length: 200_000 }, (_, i) => `key${i}`)
    const bySeed = (seed: number): Map<number, string> => new Map(texts.map((text) => [hashText(text, seed, 7), text]))
    const hashes = texts.map((text) => hashText(text, 1, 7))
    const first = new Map<number, string>()
    const pairs: [string, string][] = []
    for (const [i, hash] of hashes.entries()) {
      const other = first.get(hash)
      if (other === undefined) first.set(hash, texts[i]!)
      else pairs.push([other, texts[i]!])
    }
    // As many as chance gives with 32 bits: about 4.7.
    assert.ok(pairs.length < 40, String(pairs.length))
    assert.ok(pairs.every(([a, b]) => hashText(a, 2, 7) !== hashText(b, 2, 7)))
    assert.ok(texts.length - bySeed(3).size < 40)
  })

  it('spreads over the low bits', () => {
    const counts = new Uint32Array(256)
    for (let i = 0; i < 256_000; i++) counts[hashText(String(i), 3, 4) & 255]! += 1
    assert.ok(
      counts.every((count) => count > 800 && count < 1200),
      String(counts),
    )
  })
})
