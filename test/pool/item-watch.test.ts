import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { ItemWatch } from '../../src/pool/item-watch.ts'
import type { WorkerSeat } from '../../src/pool/worker-seat.ts'
import { MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import { readClock } from '../../src/internal/clock.ts'
import { TestSeat, toUnit } from '../support/seats.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('ItemWatch', () => {
  const told = new TestSeat(createInlineBackend(), 'contract.worker.ts')
  let reports: (readonly [string, number, number])[] = []
  let lateMs = 0
  let watch: ItemWatch
  before(() => told.start())
  after(async () => {
    told.seat.end()
    await told.untilEmpty()
  })
  afterEach(() => {
    watch.stop()
    reports = []
    lateMs = 0
  })

  function create(workers: ReadonlyMap<string, WorkerSeat>, held: ReadonlyMap<string, readonly number[]>): void {
    watch = new ItemWatch({
      itemTimeoutMs: 60_000,
      workers,
      held,
      now: () => readClock() + lateMs,
      timedOut: (worker, unit, offset) => void reports.push([worker, unit, offset]),
    })
  }

  async function endUnit(unit: number): Promise<void> {
    const count = told.answers.length
    told.seat.send({ kind: 'abort', unit, offset: MARK_UNKNOWN })
    await waitUntil(() => told.answers.length > count, 'the answer')
  }

  it('reports the item whose time is up, and no sooner', async () => {
    create(new Map([['0.1', told.seat]]), new Map([['0.1', [1]]]))
    told.seat.send(toUnit(1, 'waitForAbort', ['a'], { timed: true }))
    await waitUntil(() => told.seat.mark()?.unit === 1, 'the mark')
    watch.update()
    const endsAt = performance.now() + 400
    await waitUntil(() => performance.now() > endsAt, 'a look')
    assert.deepEqual(reports, [])
    lateMs = 60_000
    await waitUntil(() => reports.length > 0, 'the report')
    assert.deepEqual(reports[0], ['0.1', 1, 0])
    await endUnit(1)
  })

  it('does not look at items whose start is not taken', async () => {
    create(new Map([['0.1', told.seat]]), new Map([['0.1', [2]]]))
    told.seat.send(toUnit(2, 'waitForAbort', ['a'], { timed: false }))
    await waitUntil(() => told.seat.mark()?.unit === 2, 'the mark')
    lateMs = 600_000
    watch.update()
    const endsAt = performance.now() + 400
    await waitUntil(() => performance.now() > endsAt, 'a look')
    assert.deepEqual(reports, [])
    await endUnit(2)
  })

  it('looks at the time of the unit where there is no mark', async () => {
    // A seat that has never had a worker has none.
    const { seat } = new TestSeat(createInlineBackend(), 'contract.worker.ts')
    create(new Map([['0.0', seat]]), new Map([['0.0', [7]]]))
    watch.update()
    const endsAt = performance.now() + 400
    await waitUntil(() => performance.now() > endsAt, 'a look')
    assert.deepEqual(reports, [])
    lateMs = 60_200
    await waitUntil(() => reports.length > 0, 'the report')
    assert.deepEqual(reports[0], ['0.0', 7, MARK_UNKNOWN])
  })
})
