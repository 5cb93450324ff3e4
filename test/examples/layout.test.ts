import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPairs, measureScreen, wrap } from '../../examples/lib/layout.ts'

test('measureScreen() is the width of the terminal, at most 80', () => {
  assert.deepEqual([measureScreen(50), measureScreen(120), measureScreen(0)], [50, 80, 80])
})

test('wrap() breaks between words, before the last column, and never inside a word', () => {
  assert.equal(wrap('one two three', 2, 80), '  one two three')
  assert.equal(wrap('one two three', 2, 10), '  one two\n  three')
  assert.equal(wrap('one incomprehensible', 2, 10), '  one\n  incomprehensible')
})

test('formatPairs() lines values up, and continues long ones below themselves', () => {
  const long = Array.from({ length: 20 }, () => 'word').join(' ')
  const lines = formatPairs(
    [
      ['a', 'one'],
      ['abc', long],
    ],
    2,
  ).split('\n')
  assert.equal(lines[0], '  a     one')
  assert.match(lines[1]!, /^ {2}abc {3}word/)
  assert.match(lines[2]!, /^ {8}word/)
  for (const line of lines) assert.ok(line.length < 80)
})
