import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Vitals } from '../../src/protocol/vitals.ts'
import { LoopGauge } from '../../src/supervisor/loop-gauge.ts'

/** A worker that answers when it is told to, and its gauge. */
class Gauged {
  readonly gauge = new LoopGauge()
  readonly asked: number[] = []
  vitals: Vitals = { systemThreadId: 0, answered: 0, answeredAtMs: 0, idleMs: 0, activeMs: 0 }

  read(nowMs: number): [lagMs: number | undefined, utilization: number | undefined] {
    const { lagMs, utilization } = this.gauge.read(this.vitals, nowMs, (serial) => this.asked.push(serial))
    return [lagMs, utilization]
  }

  answer(answeredAtMs: number, idleMs: number, activeMs: number): void {
    this.vitals = { ...this.vitals, answered: this.asked.at(-1)!, answeredAtMs, idleMs, activeMs }
  }
}

describe('LoopGauge', () => {
  it('knows nothing at first, then how long the answer before took', () => {
    const worker = new Gauged()
    assert.deepEqual(worker.read(100), [undefined, undefined])
    worker.answer(103, 60, 20)
    assert.deepEqual(worker.read(500), [3, 0.25])
    worker.answer(500.5, 160, 320)
    assert.deepEqual(worker.read(900), [0.5, 0.75])
    assert.deepEqual(worker.asked, [1, 2, 3])
  })

  it('takes the age of a question without an answer, and asks no second one', () => {
    const worker = new Gauged()
    worker.read(0)
    worker.answer(40, 1, 1)
    worker.read(100)
    assert.deepEqual(worker.read(110), [40, 0.5], 'it has not waited longer than the one before took')
    assert.deepEqual(worker.read(1100), [1000, 0.5])
    assert.deepEqual(worker.asked, [1, 2])
    worker.answer(1600, 1, 1501)
    assert.deepEqual(worker.read(1700), [1500, 1])
    assert.deepEqual(worker.asked, [1, 2, 3])
  })

  it('knows nothing where there are no vitals', () => {
    const { asked, gauge } = new Gauged()
    const ask = (serial: number): void => void asked.push(serial)
    assert.deepEqual(gauge.read(undefined, 5, ask), { lagMs: undefined, utilization: undefined })
    assert.deepEqual(asked, [])
  })

  it('does not pass on what cannot be', () => {
    const worker = new Gauged()
    worker.read(0)
    worker.answer(Number.NaN, Number.NaN, -5)
    assert.deepEqual(worker.read(10), [undefined, undefined])
    worker.answer(5, 0, 0)
    assert.equal(worker.read(20)[0], 0)
  })
})
