import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLogLine } from '../../src/cli/log-line.ts'

const line = { worker: 'red-0', index: 0, text: '\u001b]52;c;aGk=\u0007hello' }

test('formatLogLine() puts the name of the worker before the line, and takes out what a terminal would obey', () => {
  assert.equal(formatLogLine(line, { nameWidth: 6, hasColors: false, isRaw: false }), 'red-0  | hello\n')
})

test('formatLogLine() colours the name alone', () => {
  const shown = formatLogLine(line, { nameWidth: 5, hasColors: true, isRaw: false })
  assert.equal(shown, '\u001b[36mred-0 |\u001b[39m hello\n')
})

test('formatLogLine() lets all through when it is told so', () => {
  const shown = formatLogLine(line, { nameWidth: 5, hasColors: false, isRaw: true })
  assert.equal(shown, `red-0 | ${line.text}\n`)
})
