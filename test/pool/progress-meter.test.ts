import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Progress, ProgressMeter } from '../../src/pool/progress-meter.ts'
import { waitUntil } from '../support/wait-until.ts'

class Clock {
  now = 0
  readonly meter = new ProgressMeter(() => this.now)

  /** What the meter says after so long. */
  after(ms: number): Progress {
    this.now += ms
    return this.meter.read()
  }
}

function open(meter: ProgressMeter, total?: number): { settled: number; total: number | undefined } {
  const stream = { settled: 0, total }
  meter.opened(stream)
  return stream
}

describe('ProgressMeter', () => {
  it('knows nothing before the first stream', () => {
    const nothing = { done: 0, total: undefined, percent: undefined, itemsPerSecond: 0, etaMs: undefined }
    assert.deepEqual(new Clock().after(1000), nothing)
  })

  it('tells rate and time left', () => {
    const clock = new Clock()
    const stream = open(clock.meter, 400)
    stream.settled = 100
    assert.deepEqual(clock.after(1000), { done: 100, total: 400, percent: 25, itemsPerSecond: 100, etaMs: 3000 })
  })

  it('has a mean that forgets', () => {
    const clock = new Clock()
    const stream = open(clock.meter, 10_000)
    stream.settled = 1000
    clock.after(1000)
    let rate = 1000
    for (let i = 0; i < 30; i++) {
      const { itemsPerSecond } = clock.after(1000)
      assert.ok(itemsPerSecond < rate)
      rate = itemsPerSecond
    }
    assert.ok(rate < 1)
  })

  it('is not shaken by looks in quick succession', () => {
    const clock = new Clock()
    const stream = open(clock.meter)
    stream.settled = 100
    clock.after(1000)
    stream.settled = 101
    assert.equal(clock.after(1).itemsPerSecond, 100)
  })

  it('adds up streams that run together, and knows no total if one of them does not', () => {
    const clock = new Clock()
    const [first, second] = [open(clock.meter, 10), open(clock.meter, 30)]
    first.settled = 10
    second.settled = 10
    assert.deepEqual([clock.after(1000).done, clock.meter.read().total, clock.meter.read().percent], [20, 40, 50])
    open(clock.meter)
    assert.deepEqual(
      [clock.meter.read().done, clock.meter.read().total, clock.meter.read().etaMs],
      [20, undefined, undefined],
    )
  })

  it('counts a finished stream as long as others run with it, then begins anew', () => {
    const clock = new Clock()
    const first = open(clock.meter, 10)
    open(clock.meter, 10)
    first.settled = 10
    clock.meter.closed()
    assert.equal(clock.meter.read().done, 10)
    clock.meter.closed()
    assert.equal(clock.meter.read().done, 10)
    open(clock.meter, 5)
    assert.deepEqual([clock.meter.read().done, clock.meter.read().total], [0, 5])
  })

  it('is at 100 % of nothing, and never beyond', () => {
    const clock = new Clock()
    const empty = open(clock.meter, 0)
    assert.deepEqual([clock.meter.read().percent, clock.meter.read().etaMs], [100, 0])
    empty.settled = 3
    assert.deepEqual([clock.after(1000).percent, clock.meter.read().etaMs], [100, 0])
  })

  it('tells listeners now and then, and at the end of the last stream', async () => {
    const clock = new Clock()
    const heard: Progress[] = []
    const listener = (progress: Progress): void => void heard.push(progress)
    clock.meter.on(listener)
    open(clock.meter, 4)
    await waitUntil(() => heard.length > 0, 'the first news')
    clock.meter.closed()
    const count = heard.length
    assert.equal(count, 2)
    clock.meter.off(listener)
    open(clock.meter)
    clock.meter.closed()
    assert.equal(heard.length, count)
    clock.meter.stop()
  })
})
