import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Crash, SeatRestarts, type Verdict } from '../../src/supervisor/supervision-restarts.ts'
import { RULES } from './supervised.ts'

const rules = RULES.restart
const crash: Crash = { reason: 'exit code 1', isRegular: false, readyForMs: 10 }
const unready: Crash = { ...crash, readyForMs: undefined }

function createProven(): SeatRestarts {
  const restarts = new SeatRestarts(rules)
  restarts.prove()
  return restarts
}

function repeat(times: number, what: Crash): Crash[] {
  return Array.from({ length: times }, () => what)
}

function judgeAll(restarts: SeatRestarts, crashes: readonly Crash[]): Verdict[] {
  return crashes.map((each) => restarts.judge(each, { nowMs: 0, random: 0.5 }))
}

describe('SeatRestarts', () => {
  it('starts at once, then after 100 ms, and twice as long each time, until it gives up', () => {
    const verdicts = judgeAll(createProven(), repeat(6, crash))
    assert.deepEqual(
      verdicts.map((verdict) => (verdict.kind === 'start' ? verdict.afterMs : verdict.kind)),
      [0, 100, 200, 400, 800, 'give-up'],
    )
  })

  it('begins anew after a worker that was healthy for 30 s', () => {
    const restarts = createProven()
    const at = (nowMs: number, readyForMs: number): Verdict =>
      restarts.judge({ ...crash, readyForMs }, { nowMs, random: 0 })
    assert.deepEqual(at(0, 10), { kind: 'start', afterMs: 0 })
    assert.deepEqual(at(31_000, 29_999), { kind: 'start', afterMs: 80 })
    assert.deepEqual(at(62_000, 30_000), { kind: 'start', afterMs: 0 })
  })

  it('gives the error that the worker told, not the signal that ended the last', () => {
    const error = new Error('out of tokens')
    const verdicts = judgeAll(createProven(), [{ ...crash, error }, ...repeat(5, crash)])
    const reason = 'it ended more than 5 times within 30000 ms, the last time: exit code 1'
    assert.deepEqual(verdicts.at(-1), { kind: 'give-up', reason, error })
  })

  it('gives up at once when nothing was ever ready, unless a signal has ended it', () => {
    const once = new SeatRestarts(rules)
    assert.equal(judgeAll(once, [unready])[0]!.kind, 'give-up')
    const killed = { ...unready, bySignal: true }
    const kinds = judgeAll(new SeatRestarts(rules), repeat(6, killed)).map(({ kind }) => kind)
    assert.deepEqual(kinds, ['start', 'start', 'start', 'start', 'start', 'give-up'])
  })

  it('forgets with reset that a worker was ever ready', () => {
    const restarts = createProven()
    assert.equal(judgeAll(restarts, [unready])[0]!.kind, 'start')
    restarts.reset()
    assert.equal(judgeAll(restarts, [unready])[0]!.kind, 'give-up')
  })

  it('gives up when a temporary worker does not start, and ends when it ends', () => {
    const restarts = new SeatRestarts({ ...rules, policy: 'temporary' })
    restarts.prove()
    assert.equal(judgeAll(restarts, [crash])[0]!.kind, 'end')
    assert.equal(judgeAll(restarts, [unready])[0]!.kind, 'give-up')
  })

  it('counts a permanent worker that ends by itself like a crash', () => {
    const left = { ...crash, isRegular: true }
    assert.equal(judgeAll(createProven(), repeat(6, left)).at(-1)!.kind, 'give-up')
  })

  it('never starts more often than the limit allows', () => {
    const waits = fc.array(fc.nat({ max: 20_000 }), { maxLength: 60 })
    const randoms = fc.double({ min: 0, max: 1, noNaN: true })
    const property = fc.property(waits, randoms, (gaps, random) => {
      const restarts = createProven()
      const starts: number[] = []
      let nowMs = 0
      for (const gap of gaps) {
        nowMs += gap
        const verdict = restarts.judge({ ...crash, readyForMs: gap }, { nowMs, random })
        if (verdict.kind !== 'start') return
        assert.ok(verdict.afterMs <= rules.backoff.maxMs * 1.2)
        starts.push(nowMs)
        assert.ok(starts.filter((at) => nowMs - at < rules.withinMs).length <= rules.max)
      }
    })
    fc.assert(property)
  })
})
