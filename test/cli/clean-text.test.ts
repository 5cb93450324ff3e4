import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanText } from '../../src/cli/clean-text.ts'

test('cleanText() leaves nothing that a terminal would obey', () => {
  assert.equal(cleanText('\u001b[31mred\u001b[0m\tgrün\n'), 'red\tgrün\n')
  for (const hostile of [
    '\u001b]52;c;aGVsbG8=\u0007',
    '\u001b]52;c;aGVsbG8=\u001b\\',
    '\u009d52;c;aGVsbG8=\u009c',
    '\u001b]0;title',
    '\u001b[2J\u001b[H',
    '\u009b2J',
    'a\rb',
    'a\u0008b',
    '\u202egpj.exe',
    '\u001bc',
  ]) {
    // oxlint-disable-next-line eslint/no-control-regex -- these are what it is about
    assert.doesNotMatch(cleanText(hostile), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, hostile)
  }
})

test('cleanText() leaves nothing of it in any text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b', '\u001b]', '\u009d', '52;c;', '\u0007'),
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      // oxlint-disable-next-line eslint/no-control-regex -- these are what it is about
      assert.doesNotMatch(cleanText(pieces.join('')), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }),
  )
})
