import assert from 'node:assert/strict'
import { it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { formatPrint } from '../../src/pool/print-line.ts'

it('formatPrint() gives whole lines, tells workers apart on a terminal, and lets nothing through that steers it', () => {
  assert.equal(formatPrint(0, 'print', 'a\nb', false), 'a\nb\n')
  assert.equal(formatPrint(3, 'warn', 'a\nb', false), '[3] warn: a\n[3] warn: b\n')
  assert.equal(stripVTControlCharacters(formatPrint(1, 'print', 'a\nb', true)), '[1] a\n[1] b\n')
  const hostile = 'x\u001B]52;c;AAAA\u0007\u001B[2Jy\u202Ez\u009B1m\tw'
  const shown = formatPrint(0, 'print', hostile, false)
  // oxlint-disable-next-line eslint/no-control-regex -- these are what it is about
  assert.doesNotMatch(shown, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  assert.match(shown, /^x.*y.*z.*\tw\n$/)
})
