import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  examplesHelp,
  formatExampleHelp,
  formatList,
  formatStart,
  help,
  psHelp,
  reloadHelp,
  serveHelp,
} from '../../src/cli/texts.ts'

const entries = Array.from({ length: 10 }, (_, i) => ({ name: `e${i + 1}`, text: 'what it shows' }))

test('formatList() has numbers, and cuts lines only for a terminal', () => {
  const lines = formatList(entries, undefined).split('\n')
  assert.equal(lines[0], ' 1  e1   what it shows')
  assert.equal(lines[9], '10  e10  what it shows')
  for (const line of formatList(entries, 15).split('\n')) assert.ok(line.length < 15 && line.endsWith('…'))
})

test('formatExampleHelp() has the options, what is needed, and where the source is', () => {
  const text = formatExampleHelp({ name: 'x', shows: 'shows y', options: ['workers'], needs: ['p'] }, '/path/x.js')
  assert.match(
    text,
    /^Usage: eisenmp examples x \[options\]\n\nShows y\.\n\nNeeds: npm install p\n\nOptions:\n {2}--workers/,
  )
  assert.match(text, /Source: \/path\/x\.js$/)
})

test('formatStart() can be typed again, and names the file from here', () => {
  const text = formatStart('x', ['--workers', '2'], `${process.cwd()}/dist/x.js`)
  assert.match(text, /\$ eisenmp examples x --workers 2\n {2}dist\/x\.js/)
})

test('the help fits 100 columns', () => {
  for (const line of [help, examplesHelp, serveHelp, reloadHelp, psHelp].join('\n').split('\n'))
    assert.ok(line.length < 100, line)
})
