import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { Dispatcher } from '../../src/dispatch/dispatcher.ts'
import type { Rejection } from '../../src/dispatch/events.ts'
import { Driver } from '../../src/pool/driver.ts'
import type { Job } from '../../src/pool/job.ts'
import { WorkerSeat } from '../../src/pool/worker-seat.ts'
import type { Program } from '../../src/protocol/messages.ts'
import { decodeError, type WireError } from '../../src/protocol/wire-error.ts'
import { toFixture } from '../support/live-worker.ts'
import { waitUntil } from '../support/wait-until.ts'

function toProgram(task: string): Program {
  return { stages: [{ kind: 'map', task }], sink: { kind: 'values' } }
}

/** A job whose chunks are given by the test. */
class ListJob implements Job {
  readonly id: number
  readonly log: unknown[] = []
  readonly isTaken = true
  onPull: () => void = () => {}
  program = toProgram('refuseOdd')
  chunks: (readonly unknown[] | undefined)[] = []

  constructor(id: number) {
    this.id = id
  }

  pull(): void {
    this.log.push('pull')
    this.onPull()
  }

  describe(serial: number, from: number, count: number): { program: Program; items: readonly unknown[] } | undefined {
    const items = this.chunks[serial]
    return items === undefined ? undefined : { program: this.program, items: items.slice(from, from + count) }
  }

  accept(serial: number, from: number, count: number, values: readonly unknown[]): void {
    this.log.push(['accept', serial, from, count, values])
  }

  reject({ serial, index, cause }: Rejection, error: WireError | undefined): void {
    this.log.push([
      'reject',
      serial,
      index,
      cause,
      error === undefined ? '' : (decodeError(error, 'w') as Error).message,
    ])
  }

  observe(_serial: number, count: number): void {
    this.log.push(['observe', count])
  }

  nudge(): void {}
  drain(): void {}
  fail(): void {}
}

describe('Driver', () => {
  let dispatcher: Dispatcher
  let driver: Driver
  let job: ListJob
  let settled = 0
  const seats = new Map<string, WorkerSeat>()
  const jobs = new Map<number, Job>()
  const replaced: unknown[] = []

  beforeEach(async () => {
    dispatcher = new Dispatcher({ retries: { crash: 2, error: 0, timeout: 0 } })
    const modules = [{ url: toFixture('contract.worker.ts'), export: 'default' }]
    const seat = new WorkerSeat(
      0,
      createInlineBackend(),
      { modules, config: undefined, queues: [], startTimeoutMs: 10_000 },
      {
        ready: () => {},
        results: ({ workerId }, message) => driver.answer(workerId, message),
        loop: () => true,
        gone: ({ workerId }, death, evidence) => driver.post({ type: 'gone', worker: workerId, death, ...evidence }),
        startFailed: () => assert.fail('no start'),
      },
    )
    driver = new Driver({
      dispatcher,
      seats,
      jobs,
      isTimed: false,
      isFlushed: false,
      abortGraceMs: { timeout: 50, cancel: 50 },
      replace: (worker, isExplained) => void replaced.push([worker, isExplained]),
      settled: () => (settled += 1),
    })
    job = new ListJob(1)
    jobs.set(1, job)
    seat.start()
    seats.set(seat.workerId, seat)
    await waitUntil(() => seat.state === 'ready', 'ready')
  })

  afterEach(async () => {
    const [seat] = seats.values()
    seat?.end()
    await waitUntil(() => seat?.state === 'empty', 'the end')
    seats.clear()
    jobs.clear()
    replaced.length = 0
  })

  function welcome(): void {
    driver.post({ type: 'ready', worker: '0.1' })
  }

  function open(pulls = true): void {
    driver.post({ type: 'opened', job: job.id, spec: { window: 2, ordered: true, pulls, splits: false } })
  }

  function add(items: readonly unknown[]): void {
    const serial = job.chunks.push(items) - 1
    driver.post({ type: 'added', job: job.id, serial, count: items.length })
  }

  it('carries out what the dispatcher says, and cuts answers between their failures', async () => {
    welcome()
    job.onPull = () => {
      job.onPull = () => driver.post({ type: 'ended', job: 1 })
      add([0, 1, 2, 3, 4])
    }
    open()
    await waitUntil(() => dispatcher.books.ok + dispatcher.books.failed === 5, 'the answer')
    assert.deepEqual(
      job.log.filter((entry) => entry !== 'pull'),
      [
        ['observe', 5],
        ['accept', 0, 0, 1, [0]],
        ['reject', 0, 1, 'task', 'odd: 1'],
        ['accept', 0, 2, 1, [2]],
        ['reject', 0, 3, 'task', 'odd: 3'],
        ['accept', 0, 4, 1, [4]],
      ],
    )
    assert.deepEqual(driver.held.get('0.1'), [])
  })

  it('takes one event after another: what happens meanwhile comes afterwards', async () => {
    welcome()
    const order: string[] = []
    const pulls = ['first', 'second']
    job.onPull = () => {
      const name = pulls.shift()
      if (name === undefined) return driver.post({ type: 'ended', job: 1 })
      order.push(`begin ${name}`)
      add([0])
      // Had it been dealt with at once, the next pull would have begun here.
      order.push(`end ${name}`)
    }
    const before = settled
    open()
    assert.equal(settled, before + 1)
    await waitUntil(() => dispatcher.books.ok === 2, 'the answers')
    assert.deepEqual(order, ['begin first', 'end first', 'begin second', 'end second'])
  })

  it('hands back what its user has left while the instructions before were carried out', () => {
    const other = new ListJob(2)
    other.onPull = () => {
      // As a source does that aborts another stream when it is read.
      jobs.delete(1)
      driver.post({ type: 'cancelled', job: 1 })
      driver.post({ type: 'ended', job: 2 })
    }
    jobs.set(2, other)
    driver.post({ type: 'opened', job: 2, spec: { window: 2, ordered: true, pulls: true, splits: false } })
    open(false)
    add([0, 2, 4])
    welcome()
    assert.deepEqual(other.log, ['pull'])
    assert.ok(dispatcher.isQuiet)
    assert.equal(dispatcher.heldItems, 0)
    assert.deepEqual([dispatcher.books.attempts, dispatcher.books.failed], [0, 3])
  })

  it('settles what cannot be encoded, though it should never come so far', async () => {
    welcome()
    open(false)
    add([() => {}, 2])
    await waitUntil(() => dispatcher.books.failed === 2, 'the refusal')
    assert.deepEqual(
      job.log
        .filter((entry) => Array.isArray(entry) && entry[0] === 'reject')
        .map((entry) => (entry as unknown[]).slice(0, 4)),
      [
        ['reject', 0, 0, 'clone'],
        ['reject', 0, 1, 'clone'],
      ],
    )
    assert.deepEqual([driver.held.get('0.1'), dispatcher.heldItems], [[], 0])
  })

  it('aborts what nobody waits for, and counts the answer as stale', async () => {
    welcome()
    job.program = toProgram('waitForAbort')
    open(false)
    add([1])
    await waitUntil(() => [...seats.values()][0]?.mark()?.unit !== 0, 'the mark')
    jobs.delete(1)
    driver.post({ type: 'cancelled', job: 1 })
    await waitUntil(() => dispatcher.heldItems === 0, 'the answer')
    assert.equal(dispatcher.books.staleResults, 1)
    assert.deepEqual(replaced, [])
  })

  it('frees the seat of a dead worker', async () => {
    welcome()
    open(false)
    job.program = toProgram('waitForAbort')
    add([1])
    await waitUntil(() => [...seats.values()][0]?.mark()?.unit !== 0, 'the mark')
    seats.get('0.1')!.end()
    await waitUntil(() => replaced.length > 0, 'the replacement')
    assert.deepEqual(replaced[0], ['0.1', true])
    assert.equal(driver.held.has('0.1'), false)
  })
})
