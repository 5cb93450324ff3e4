import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { OutputLines } from '../../src/server/output-lines.ts'

function cut(parts: readonly Uint8Array[]): string[] {
  const lines: string[] = []
  const output = new OutputLines((line) => lines.push(line))
  for (const part of parts) output.push(part)
  output.end()
  return lines
}

describe('OutputLines', () => {
  it('gives the same lines, however the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, ''))
    const property = fc.property(fc.array(line, { minLength: 1 }), fc.array(fc.nat(40)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''))
      const parts: Buffer[] = []
      let at = 0
      for (const length of cuts) parts.push(bytes.subarray(at, (at += length)))
      parts.push(bytes.subarray(at))
      assert.deepEqual(cut(parts), lines)
    })
    fc.assert(property)
  })

  it('passes on an unfinished line at the end, and a very long one in pieces', () => {
    assert.deepEqual(cut([Buffer.from('one\r\ntwo')]), ['one', 'two'])
    const pieces = cut([Buffer.alloc(200_000, 'x')])
    assert.ok(pieces.every(({ length }) => length <= 64 * 1024))
    assert.equal(pieces.join('').length, 200_000)
  })
})
