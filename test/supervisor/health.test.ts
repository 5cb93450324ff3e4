import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EisenmpError } from '../../src/errors.ts'
import { HealthJudge, type HealthRules, type Vitals, readHealth } from '../../src/supervisor/health.ts'

const rules: HealthRules = { ...readHealth('serve', undefined), maxHeapMb: 200, maxRssMb: 500, path: '/health' }
const good: Vitals = { lagMs: 5, utilization: 0.5, heapMb: 50, heapShare: 0.1, rssMb: 100, health: { status: 200 } }

/** What is said of each beat, one a second. */
function judgeBeats(beats: readonly Vitals[], judge = new HealthJudge(rules)): (string | undefined)[] {
  return beats.map((beat, second) => judge.judge('0.0', beat, second * 1000, second * 1000)?.reason)
}

function repeat(times: number, beat: Vitals): Vitals[] {
  return Array.from({ length: times }, () => beat)
}

describe('HealthJudge', () => {
  const bad: readonly (readonly [string, Partial<Vitals>, string])[] = [
    [
      'lag',
      { lagMs: 501, utilization: 0.99 },
      'its event loop keeps others waiting for 501 ms, more than maxLoopLagMs: 500',
    ],
    ['heap', { heapMb: 201 }, 'its heap has 201 MB, more than maxHeapMb: 200'],
    ['share of the heap', { heapShare: 0.96 }, 'its heap is 96 % full, more than maxHeapShare: 0.95'],
    ['memory', { rssMb: 501 }, 'it has 501 MB of memory, more than maxRssMb: 500'],
    ['status', { health: { status: 503 } }, '/health answers 503'],
    ['answer', { health: { status: undefined, reason: 'timed out' } }, '/health answers nothing: timed out'],
  ]
  for (const [what, change, reason] of bad) {
    it(`complains of the ${what} with the fifth beat in a row, and as long as it lasts`, () => {
      const said = judgeBeats([...repeat(6, { ...good, ...change }), good])
      assert.deepEqual(said, [undefined, undefined, undefined, undefined, reason, reason, undefined])
    })
  }

  it('counts only strikes in a row', () => {
    const late = { ...good, lagMs: 900, utilization: 1 }
    const said = judgeBeats([...repeat(4, late), good, ...repeat(4, late)])
    assert.ok(said.every((reason) => reason === undefined))
  })

  it('does not mind a loop that is busy or late, but not both', () => {
    const said = judgeBeats([...repeat(9, { ...good, lagMs: 9000 }), ...repeat(9, { ...good, utilization: 1 })])
    assert.ok(said.every((reason) => reason === undefined))
  })

  it('does not judge the memory of threads, which is that of the program', () => {
    const said = judgeBeats(repeat(9, { ...good, rssMb: 9000 }), new HealthJudge(rules, 'threads'))
    assert.ok(said.every((reason) => reason === undefined))
  })

  it('does not count a beat twice when it is asked twice', () => {
    const judge = new HealthJudge(rules)
    const late = { ...good, lagMs: 900, utilization: 1 }
    for (let nowMs = 0; nowMs < 4000; nowMs += 100) {
      assert.equal(judge.judge('0.0', late, Math.floor(nowMs / 1000) * 1000, nowMs), undefined)
    }
  })

  it('calls a worker blocked that is silent for as many intervals as there are strikes', () => {
    const judge = new HealthJudge(rules)
    const verdicts = [0, 1000, 2000, 3000, 4000, 5000, 5001].map((nowMs) => judge.judge('0.0', undefined, 0, nowMs))
    const reason = 'its event loop is blocked: no sign of life for 5001 ms'
    assert.deepEqual(verdicts, [...Array.from({ length: 6 }), { reason, isBlocked: true }])
  })

  it('does not blame the workers when the program itself was blocked', () => {
    const judge = new HealthJudge(rules)
    judge.judge('0.0', good, 0, 0)
    for (const nowMs of [20_000, 21_000, 25_000]) assert.equal(judge.judge('0.0', good, 0, nowMs), undefined)
  })

  it('judges each worker by itself, and forgets those that are gone', () => {
    const judge = new HealthJudge(rules)
    const full = { ...good, heapShare: 1 }
    const say = (key: string, nowMs: number): boolean => judge.judge(key, full, nowMs, nowMs) !== undefined
    for (let second = 0; second < 4; second++) assert.ok(!say('0.0', second * 1000))
    assert.ok(!say('1.0', 4000))
    judge.forget('0.0')
    assert.ok(!say('0.0', 4000))
    assert.ok(!say('1.0', 5000))
  })

  it('never complains of workers that are well, whenever it is asked', () => {
    const vitals = fc.record({
      lagMs: fc.double({ min: 0, max: 500, noNaN: true }),
      utilization: fc.double({ min: 0, max: 1, noNaN: true }),
      heapMb: fc.double({ min: 0, max: 200, noNaN: true }),
      heapShare: fc.double({ min: 0, max: 0.95, noNaN: true }),
      rssMb: fc.double({ min: 0, max: 500, noNaN: true }),
      health: fc.record({ status: fc.integer({ min: 100, max: 499 }) }),
    })
    const asks = fc.array(fc.tuple(vitals, fc.nat({ max: 5000 })), { maxLength: 50 })
    const property = fc.property(asks, (each) => {
      const judge = new HealthJudge(rules)
      let nowMs = 0
      for (const [beat, gapMs] of each) {
        nowMs += gapMs
        assert.equal(judge.judge('0.0', beat, nowMs, nowMs), undefined)
      }
    })
    fc.assert(property)
  })

  it('complains of sick workers exactly from the last of the strikes on', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.boolean(), { maxLength: 60 }),
      (strikes, beats) => {
        const judge = new HealthJudge({ ...rules, strikes })
        let inRow = 0
        beats.forEach((isSick, second) => {
          inRow = isSick ? inRow + 1 : 0
          const beat = isSick ? { ...good, heapShare: 1 } : good
          const verdict = judge.judge('0.0', beat, second * 1000, second * 1000)
          assert.equal(verdict !== undefined, inRow >= strikes)
          assert.notEqual(verdict?.isBlocked, true)
        })
      },
    )
    fc.assert(property)
  })
})

describe('readHealth()', () => {
  it('fills in the defaults', () => {
    const expected = { intervalMs: 1000, maxLoopLagMs: 500, maxHeapShare: 0.95, strikes: 5 }
    assert.deepEqual(readHealth('serve', undefined), expected)
    assert.deepEqual(readHealth('serve', { strikes: 3, path: '/up?deep=1' }), {
      ...expected,
      strikes: 3,
      path: '/up?deep=1',
    })
  })

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ interval: 5 }, /Cannot use option 'interval' of serve\(\{ health \}\): .*; did you mean 'intervalMs'\?/],
    [{ intervalMs: 1 }, /'intervalMs' .*: it is 1; it must be a time in ms from 10/],
    [{ maxHeapShare: 95 }, /'maxHeapShare' .*: it is 95; it must be a number above 0, at most 1/],
    [{ maxRssMb: 0 }, /'maxRssMb'/],
    [{ maxHeapMb: Infinity }, /'maxHeapMb'/],
    [{ strikes: 0 }, /'strikes'/],
    [{ path: 'health' }, /'path' .*: it is "health"; it must be a path that begins with a slash/],
    [{ path: '/a b' }, /'path'/],
    [{ path: '/a\r\nx: y' }, /'path'/],
    ['/health', /plain object/],
  ]
  for (const [given, message] of wrong) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => readHealth('serve', given),
        (error) => {
          return EisenmpError.is(error, 'ERR_EISENMP_OPTION') && message.test(error.message)
        },
      )
    })
  }
})
