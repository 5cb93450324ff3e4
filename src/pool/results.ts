import type { Ticket } from '../errors.ts'
import { Line } from '../broker/queue-state.ts'
import { type Deferred, createDeferred } from '../internal/deferred.ts'
import { ResultOrder } from './result-order.ts'
import { ResultStore } from './result-store.ts'
import { SerialLog } from './serial-log.ts'

/**
 * What a worker has emitted.
 *
 * @typeParam Value - Type of the emitted values.
 */
export interface Result<Value = unknown> {
  /** A copy of what was emitted. */
  readonly value: Value
  /** The chunk that it answers, if the worker has named it. */
  readonly ticket: Ticket | undefined
  /** The id of the worker. */
  readonly worker: string
}

/** So many results may wait for a reader that is at it. */
const MAX_UNREAD = 1024

/** Collects what workers emit, for those who read it while the loops run, and for those who come afterwards. */
export class ResultBoard {
  readonly #unread: Line<Result> = new Line()
  readonly #settled = new Map<string, SerialLog>()
  /** Tickets that have results, read or not. */
  readonly #answered = new Map<string, SerialLog>()
  readonly #listIssued: () => Iterable<readonly [queue: string, count: number]>
  readonly #hasRoom: () => void
  #store: ResultStore | undefined
  #news: Deferred<void> = createDeferred()
  #readers = 0
  /** Loops that run. */
  #running = 0
  #isOver = false
  #failure: { readonly error: unknown } | undefined

  constructor(listIssued: () => Iterable<readonly [queue: string, count: number]>, hasRoom: () => void) {
    this.#listIssued = listIssued
    this.#hasRoom = hasRoom
  }

  /** Whoever reads while the loops run sets their pace; what nobody reads yet is kept for later. */
  get isFull(): boolean {
    return this.#readers > 0 && this.#unread.length >= MAX_UNREAD
  }

  /** Somebody is told of a failure by the results. */
  get hasReaders(): boolean {
    return this.#readers > 0
  }

  add(result: Result): void {
    this.#unread.push(result)
    this.#store?.keep(result)
    if (result.ticket !== undefined) note(this.#answered, result.ticket)
    this.#tell()
  }

  /** No more results of this ticket will come. */
  settle(ticket: Ticket): void {
    note(this.#settled, ticket)
    this.#tell()
  }

  begin(): void {
    this.#running += 1
    this.#isOver = false
    this.#failure = undefined
  }

  /** A loop has ended, with `error` if it has failed. */
  end(failure: { readonly error: unknown } | undefined): void {
    this.#running -= 1
    this.#failure ??= failure
    if (this.#running === 0) this.#isOver = true
    this.#tell()
  }

  /** The pool has ended: nothing will come any more. */
  close(): void {
    this.#isOver = true
    this.#tell()
  }

  #tell(): void {
    const news = this.#news
    this.#news = createDeferred()
    news.resolve()
  }

  store(): ResultStore {
    if (this.#store !== undefined) return this.#store
    const store = new ResultStore(
      this.#listIssued,
      ({ queue, serial }) => this.#answered.get(queue)?.has(serial) === true,
    )
    this.#store = store
    // What was read is gone; all else is in it.
    for (const result of this.#unread.list()) store.keep(result)
    return store
  }

  /** Each result comes once, to one of those who read. */
  async *read(isOrdered: boolean): AsyncGenerator<Result, void, void> {
    const order = isOrdered ? new ResultOrder((queue) => this.#settled.get(queue)?.below ?? 0) : undefined
    this.#readers += 1
    try {
      for (;;) {
        const news = this.#news.promise
        const next = this.#next(order)
        if (next !== undefined) yield next
        else if (this.#isOver) break
        else await news
      }
      if (this.#failure !== undefined) throw this.#failure.error
    } finally {
      this.#readers -= 1
      // What was set in order and not given out is for the next reader.
      for (const result of order?.drain() ?? []) this.#unread.push(result)
      this.#hasRoom()
    }
  }

  #next(order: ResultOrder | undefined): Result | undefined {
    if (order === undefined) return this.#take()
    for (let result = this.#take(); result !== undefined; result = this.#take()) order.add(result)
    return order.next(this.#isOver)
  }

  #take(): Result | undefined {
    const wasFull = this.isFull
    const result = this.#unread.shift()
    if (wasFull && !this.isFull) this.#hasRoom()
    return result
  }
}

function note(logs: Map<string, SerialLog>, { queue, serial }: Ticket): void {
  let log = logs.get(queue)
  if (log === undefined) logs.set(queue, (log = new SerialLog()))
  log.add(serial)
}
