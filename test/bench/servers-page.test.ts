import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventResult } from '../../bench/servers/measure.ts'
import { insertBench, renderBench } from '../../bench/servers/page.ts'
import { EVENTS, type RoundResult } from '../../bench/servers/round.ts'

const rate = { perSecond: 12_345.6, p99Ms: 4.25, failed: 0, cpuUs: 50 }

function makeRound(peer: string, failed: number, fullMs: number | undefined, isOneProcess: boolean): RoundResult {
  const event: EventResult = { failed, kinds: {}, ok: 10, fullMs, commandMs: 1, reports: [] }
  return {
    peer,
    startMs: 200,
    rates: { keep: rate, new: rate, cpu: rate },
    memory: { perWorkerMb: isOneProcess ? undefined : 50, wholeMb: 150 },
    events: EVENTS.map(({ happening }) => (isOneProcess && happening === 'kill' ? undefined : event)),
  }
}

test('renderBench() has the median with all rounds, and the failed requests of every run', () => {
  const text = renderBench(
    [
      { name: 'a', rounds: [makeRound('a', 0, 100, false), makeRound('a', 3, 300, false)] },
      { name: 'b', rounds: [makeRound('b', 1, undefined, true)] },
    ],
    'head',
  )
  assert.match(text, /^head\n/)
  assert.match(text, /\| a \| 12 346 \(12 346, 12 346\); 4\.3 \(4\.3, 4\.3\) ms \|/)
  assert.match(text, /\| `kill -9` of a worker; 32 clients[^|]*\| 0, 3 \| one process \|/)
  assert.match(text, /\| rolling reload; 32 clients[^|]*\| 0, 3 \| 1 \|/)
  assert.match(text, /\| rolling reload; 32 clients[^|]*\| 200 \(100, 300\) \| not within 12 s \|/)
  assert.match(text, /\| b \| – \| 150 \|/)
})

test('renderBench() leaves out what happens to nobody', () => {
  const round = { ...makeRound('a', 0, 1, true), events: EVENTS.map(() => undefined) }
  assert.doesNotMatch(renderBench([{ name: 'a', rounds: [round] }], 'head'), /Failed requests/)
})

test('insertBench() takes the place of the tables of before, and leaves the rest of the page', () => {
  const first = insertBench('# Servers\n\ntext\n', 'one')
  assert.match(
    first,
    /^# Servers\n\ntext\n\n## Measured beside others\n\n<!-- begin bench -->\n\none\n\n<!-- end bench -->\n$/,
  )
  assert.equal(insertBench(`${first}\nmore\n`, 'two'), `${first.replace('one', 'two')}\nmore\n`)
})
