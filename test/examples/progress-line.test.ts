import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { createProgressLine, formatProgress } from '../../examples/lib/progress-line.ts'

const report = { done: 1_234_567, total: 4_000_000, percent: 30.86, itemsPerSecond: 1_000_000.4, etaMs: 2_765 }
const full = ' 30 %  1,000,000 items/s  3 s left  words'
const painted = `  ━━━━━─────────── ${full}`

function openStream(shape: { isTTY?: boolean; columns?: number }) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), shape)
  return { stream, written: () => String(stream.read() ?? '') }
}

/** What a terminal shows after `text`: all since the cursor went up and cleared the rest of the screen. */
function shown(text: string): string {
  return stripVTControlCharacters(text.split('\u001b[1A\r\u001b[J').at(-1)!)
}

test('formatProgress() leaves out what is not known', () => {
  assert.equal(formatProgress('words', report), full)
  assert.equal(formatProgress('words', { done: 1234 }), '1,234 items  words')
  assert.equal(formatProgress('words', { done: 3, itemsPerSecond: 0.46 }), '3 items  0.5 items/s  words')
  assert.equal(formatProgress('words'), 'words')
  const first = { done: 0, total: 9, percent: 0, itemsPerSecond: 0, etaMs: 1e9 }
  assert.equal(formatProgress('words', first), '  0 %  words')
})

test('a progress line is repainted in place on a wide terminal', () => {
  const { stream, written } = openStream({ isTTY: true, columns: 120 })
  const line = createProgressLine(stream, { env: {} })
  line.update('words', { ...report, percent: 10 })
  line.update('words', report)
  const text = written()
  assert.equal(shown(text), `${painted}\n`)
  line.clear()
  assert.equal(shown(written()), '')
  line.clear()
  assert.equal(written(), '')
})

test('a progress line is cut to a narrow terminal, and follows its width', () => {
  const { stream, written } = openStream({ isTTY: true, columns: 20 })
  const line = createProgressLine(stream, { env: {} })
  line.update('words', report)
  assert.equal(shown(written()), `  ${full.slice(0, 17)}\n`)
  stream.columns = 3
  line.update('words', report)
  assert.equal(shown(written()), '  \n')
})

const plainSurroundings: [string, { isTTY: boolean }, NodeJS.ProcessEnv][] = [
  ['in a pipe', { isTTY: false }, {}],
  ['on a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
  ['in CI', { isTTY: true }, { CI: 'true' }],
]
for (const [where, shape, env] of plainSurroundings) {
  test(`progress ${where} is a plain line, for one label at most one in the interval`, () => {
    const { stream, written } = openStream({ ...shape, columns: 20 })
    let time = 0
    const line = createProgressLine(stream, { env, now: () => time, plainIntervalMs: 3000 })
    line.update('words', report)
    for (time = 250; time < 3000; time += 250) line.update('words', report)
    assert.equal(written(), `${full}\n`)
    line.update('words', { done: 5 })
    line.update('letters')
    line.clear()
    assert.equal(written(), '5 items  words\nletters\n')
  })
}
