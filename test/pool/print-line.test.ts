import assert from 'node:assert/strict'
import { it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { formatPrint } from '../../src/pool/print-line.ts'

const piped = { isTerminal: false, hasColors: false }
const colours = { isTerminal: true, hasColors: true }

it('formatPrint() gives whole lines, tells workers apart on a terminal, and lets nothing through that steers it', () => {
  assert.equal(formatPrint(0, 'print', 'a\nb', piped), 'a\nb\n')
  assert.equal(formatPrint(3, 'warn', 'a\nb', piped), '[3] warn: a\n[3] warn: b\n')
  assert.equal(stripVTControlCharacters(formatPrint(1, 'print', 'a\nb', colours)), '[1] a\n[1] b\n')
  assert.equal(formatPrint(1, 'print', 'a', { isTerminal: true, hasColors: false }), '[1] a\n')
  const hostile = 'x\u001B]52;c;AAAA\u0007\u001B[2Jy\u202Ez\u009B1m\tw'
  const shown = formatPrint(0, 'print', hostile, piped)
  // oxlint-disable-next-line eslint/no-control-regex -- these are what it is about
  assert.doesNotMatch(shown, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  assert.match(shown, /^x.*y.*z.*\tw\n$/)
})
