import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Backend, WorkerEvents, WorkerHandle } from '../../src/backend.ts'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { createThreadsBackend } from '../../src/backends/threads.ts'
import { TestSeat, toUnit } from '../support/seats.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('WorkerSeat', () => {
  it('starts one worker after another, each with an id of its own', async () => {
    const told = new TestSeat(createInlineBackend(), 'contract.worker.ts')
    const { seat } = told
    assert.deepEqual([seat.state, seat.identity], ['empty', { pid: 0, threadId: undefined }])
    await told.start()
    assert.deepEqual(
      [seat.state, seat.workerId, seat.name, seat.identity.pid],
      ['ready', '0.1', 'eisenmp-0', process.pid],
    )
    assert.ok(told.readies[0]?.includes('double'))
    seat.leave()
    assert.equal(seat.state, 'leaving')
    await told.untilEmpty()
    await told.start()
    assert.deepEqual([seat.workerId, seat.starts, seat.failedStarts], ['0.2', 2, 0])
    seat.end()
    seat.end()
    assert.equal(seat.state, 'ending')
    await told.untilEmpty()
    assert.deepEqual(
      told.deaths.map(({ worker, code, signal }) => [worker, code, signal]),
      [
        ['0.1', 0, null],
        ['0.2', null, null],
      ],
    )
    // Nothing to end any more.
    seat.leave()
    seat.end()
    seat.send({ kind: 'stop' })
    assert.equal(seat.state, 'empty')
  })

  it('passes answers on and counts their items over all its workers', async () => {
    const told = new TestSeat(createInlineBackend(), 'contract.worker.ts')
    for (const round of [1, 2]) {
      await told.start()
      told.seat.send(toUnit(1, 'double', [1, 2]))
      await waitUntil(() => told.answers.length === round, 'the answer')
      told.seat.end()
      await told.untilEmpty()
    }
    assert.equal(told.seat.answeredItems, 4)
    assert.deepEqual(told.answers[0]?.values, [2, 4])
  })

  it('tells of a module that failed, with its cause', async () => {
    const told = new TestSeat(createInlineBackend(), 'throw-at-import.worker.ts')
    await told.start()
    await told.untilEmpty()
    const [error] = told.startErrors
    assert.deepEqual(
      [error?.code, (error?.cause as { code?: string } | undefined)?.code, error?.worker],
      ['ERR_EISENMP_MODULE', 'E_TODAY', '0.1'],
    )
    assert.match(error!.message, /^Cannot load worker module file:.*throw-at-import\.worker\.ts: RangeError: not today/)
    assert.deepEqual([told.deaths.length, told.seat.failedStarts], [0, 1])
  })

  it('tells of a worker that ends before it is ready, with its last words', async () => {
    const told = new TestSeat(createThreadsBackend(), 'exit-at-import.worker.ts')
    await told.start()
    await told.untilEmpty()
    const [error] = told.startErrors
    assert.equal(error?.code, 'ERR_EISENMP_START')
    assert.match(
      error.message,
      /^Cannot start worker 0\.1: its thread exited with code 3, and it was loading its main module 'exit-at-import\.worker\.ts'; it wrote: no configuration$/,
    )
    assert.deepEqual(
      error.deaths?.map(({ code }) => code),
      [3],
    )
  })

  it('gives up a worker that does not get ready in time, and one that is ended meanwhile', async () => {
    const told = new TestSeat(createThreadsBackend(), 'never-ready.worker.ts', 20)
    told.seat.start()
    await told.untilEmpty()
    assert.match(told.startErrors[0]!.message, /within startTimeoutMs: 20 ms have passed/)
    const ended = new TestSeat(createInlineBackend(), 'contract.worker.ts')
    ended.seat.start()
    ended.seat.leave()
    await ended.untilEmpty()
    assert.match(ended.startErrors[0]!.message, /^Cannot start worker 0\.1: it was ended$/)
  })

  it('keeps the end of what a worker wrote to stderr for the report of its death', async () => {
    const told = new TestSeat(createThreadsBackend(), 'tasks.worker.ts')
    await told.start()
    told.seat.send(toUnit(1, 'exit', [5]))
    await told.untilEmpty()
    const [death] = told.deaths
    assert.deepEqual([death?.code, death?.reason, death?.stderr], [5, 'its thread exited with code 5', ''])
  })

  describe('does not believe a worker that breaks the protocol', () => {
    /** A backend whose worker says what the test says. */
    class Scripted {
      events!: WorkerEvents
      ends = 0

      get backend(): Backend {
        const handle: WorkerHandle = {
          identity: { pid: 1, threadId: undefined },
          send: () => {},
          mark: () => undefined,
          vitals: () => undefined,
          end: () => (this.ends += 1),
          hold: () => {},
        }
        const start: Backend['start'] = (_spec, events) => {
          this.events = events
          return handle
        }
        return { name: 'inline', start, close: async () => {} }
      }
    }

    const answer = {
      kind: 'results',
      unit: 1,
      attempt: 1,
      count: 1,
      last: true,
      values: [1],
      failures: [],
      ms: 0,
      heapMb: 0,
    } as const
    const ready = { kind: 'ready', tasks: ['a'], version: '0' } as const

    for (const [title, play, reason] of [
      ['an answer before ready', (events: WorkerEvents) => events.message(answer), /it answered before it was ready/],
      [
        'ready twice',
        (events: WorkerEvents) => [ready, ready].forEach((message) => events.message(message)),
        /it reported ready twice/,
      ],
      [
        'what its backend could not read',
        (events: WorkerEvents) => events.violated('it sent rubbish'),
        /it sent rubbish/,
      ],
    ] as const) {
      it(title, () => {
        const scripted = new Scripted()
        const told = new TestSeat(scripted.backend, 'contract.worker.ts')
        told.seat.start()
        play(scripted.events)
        assert.equal(scripted.ends, 1)
        scripted.events.message(answer)
        assert.deepEqual(told.answers, [])
        scripted.events.gone({ code: null, signal: 'SIGKILL', reason: 'killed' })
        assert.match(told.deaths[0]?.reason ?? told.startErrors[0]?.message ?? '', reason)
        assert.equal(told.seat.state, 'empty')
      })
    }
  })
})
