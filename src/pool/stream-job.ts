import type { RefusedValue } from '../codec/refused-value.ts'
import type { DispatchEvent, Rejection } from '../dispatch/events.ts'
import { EisenmpError, type Ticket } from '../errors.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import type { Program } from '../protocol/messages.ts'
import type { WireError } from '../protocol/wire-error.ts'
import { encodeError } from '../protocol/wire-error.ts'
import type { Anchor } from '../protocol/indexed-spec.ts'
import type { ChunkSizer } from '../stream/chunk-size.ts'
import type { Pulled } from '../stream/chunker.ts'
import { type ReadySegment, Reorder, type Segment } from '../stream/reorder.ts'
import type { Source } from '../stream/source.ts'
import { publish } from '../telemetry.ts'
import { explainRejection } from './failures.ts'
import { type Feed, type PulledRange, openFeed } from './feed.ts'
import type { IndexFeed } from './index-feed.ts'
import type { Described, Job } from './job.ts'
import { Outlet } from './outlet.ts'
import { describeProgram } from './program.ts'
import type { StreamSettings } from './stream-options.ts'

/** What a stream needs of its pool. */
export interface StreamHost {
  post(event: DispatchEvent): void
  /** Workers that may take chunks. */
  countWorkers(): number
  hasIdleWorker(): boolean
  /** The pool's items must survive leaving this process. */
  readonly isPortable: boolean
  now(): number
  /** Called before the job posts its first event. */
  register(job: StreamJob): void
  jobClosed(job: StreamJob): void
}

/** What a stream is to do. */
export interface StreamPlan {
  readonly source: Source<unknown>
  readonly program: Program
  readonly settings: StreamSettings
}

interface ChunkRecord {
  /** Left out where the workers make them. */
  readonly items?: readonly unknown[]
  readonly anchor?: Anchor | undefined
  readonly count: number
  /** Position of the first item in the source. */
  readonly first: number
  /** Why the only item of this chunk was never sent. */
  readonly refusal?: RefusedValue
}

/** A source that hangs in its `return()` must not hold up its consumer for ever. */
const CLOSE_DEADLINE_MS = 1000

/** One running stream: pulls chunks on demand, gives them to the dispatcher, and brings results in order. */
export class StreamJob implements Job {
  readonly id: number
  readonly total: number | undefined
  /** Items pulled, and those of them that have an outcome. */
  pulled = 0
  settled = 0
  readonly #host: StreamHost
  readonly #plan: StreamPlan
  readonly #feed: Feed
  readonly #indexed: IndexFeed | undefined
  readonly #sizer: ChunkSizer
  readonly #reorder: Reorder
  readonly #outlet = new Outlet()
  readonly #chunks = new Map<number, ChunkRecord>()
  readonly #onAbort: () => void
  #nextSerial = 0
  /** Errors that are about the source and not about an item: they end the stream, whatever `onError` says. */
  readonly #ending = new WeakSet<EisenmpError>()
  /** Segments that the consumer has and is not through with. */
  #inHand = 0
  #isSourceOver = false
  #isOver = false
  /** The program is about to exit: the stream neither ends nor fails any more. */
  #isHushed = false
  /** What the stream ends with once all that was started is out. */
  #lastError: { readonly error: unknown } | undefined
  #closing: Promise<void> | undefined

  constructor(id: number, plan: StreamPlan, host: StreamHost) {
    this.id = id
    this.#plan = plan
    this.#host = host
    const { settings } = plan
    const { feed, indexed, sizer, total } = openFeed(plan.source, plan.program, settings, host)
    this.total = total
    this.#feed = feed
    this.#indexed = indexed
    this.#sizer = sizer
    this.#reorder = new Reorder(settings.ordered)
    this.#onAbort = () => this.fail(settings.signal!.reason)
    settings.signal?.addEventListener('abort', this.#onAbort, { once: true })
    host.register(this)
    const spec = {
      window: settings.window,
      ordered: settings.ordered,
      pulls: true,
      splits: settings.fixedChunk === undefined,
    }
    if (settings.signal?.aborted === true) this.#onAbort()
    else host.post({ type: 'opened', job: id, spec })
  }

  pull(): void {
    const pulled = this.#feed.pull()
    if (pulled instanceof Promise) void pulled.then((late) => this.#take(late))
    else this.#take(pulled)
  }

  nudge(): void {
    this.#feed.nudge()
  }

  #take(pulled: Pulled | PulledRange): void {
    if (this.#isOver || this.#isSourceOver) return
    switch (pulled.kind) {
      case 'chunk':
      case 'range': {
        const { ended } = pulled
        if (pulled.kind === 'range') this.#add({ count: pulled.count, anchor: pulled.anchor }, ended)
        else this.#add({ count: pulled.items.length, items: pulled.items }, ended)
        if (ended) this.#endSource()
        return
      }
      case 'refused':
        return this.#add({ count: 1, items: [pulled.item], refusal: pulled.error }, false)
      case 'failed':
        return this.#failSource(pulled.error)
      case 'ended':
        return this.#endSource()
    }
  }

  #add(chunk: Omit<ChunkRecord, 'first'>, last: boolean): void {
    const serial = this.#nextSerial++
    const { count, refusal } = chunk
    this.#chunks.set(serial, { ...chunk, first: this.pulled })
    this.#reorder.open(serial, count)
    this.pulled += count
    const refused = refusal === undefined ? {} : { refused: refusal.why }
    const expectedMs = this.#sizer.expectedMs(count)
    this.#host.post({ type: 'added', job: this.id, serial, count, expectedMs, last, ...refused })
  }

  #endSource(): void {
    this.#isSourceOver = true
    this.#host.post({ type: 'ended', job: this.id })
    this.#finishIfDone()
  }

  /** What was started is still brought to its end. */
  #failSource(error: unknown): void {
    const text = `Cannot read the source beyond item ${this.pulled}: it threw: ${summarizeThrown(error)}`
    this.#lastError = { error: new EisenmpError('ERR_EISENMP_SOURCE', text, { cause: error, index: this.pulled }) }
    this.#endSource()
  }

  describe(serial: number, from: number, count: number): Described | undefined {
    const chunk = this.#chunks.get(serial)
    if (chunk === undefined) return undefined
    const { program } = this.#plan
    const { items, first, anchor } = chunk
    if (items === undefined) return { program, items: [], range: this.#indexed!.describe(first + from, count, anchor) }
    return { program, items: from === 0 && count === items.length ? items : items.slice(from, from + count) }
  }

  observe(_serial: number, count: number, ms: number): void {
    this.#sizer.observe(count, ms)
  }

  accept(serial: number, from: number, count: number, values: readonly unknown[]): void {
    this.#settle(serial, { from, count, values })
  }

  reject(rejection: Rejection, wire: WireError | undefined): void {
    const { serial, index } = rejection
    const { items, first, refusal, anchor } = this.#chunks.get(serial)!
    const ticket = this.#nameTicket(serial)
    const isUnreadable = rejection.cause === 'unreadable'
    const make = (): unknown => (isUnreadable ? undefined : this.#indexed!.makeItem(first + index, anchor))
    const item = items === undefined ? make() : items[index]
    const failed = { item, index: first + index, ticket, tasks: describeProgram(this.#plan.program) }
    const error = explainRejection(rejection, failed, refusal === undefined ? wire : encodeError(refusal, false))
    publish('eisenmp:item:failed', () => ({ code: error.code, index: error.index, worker: error.worker }))
    if (isUnreadable) this.#ending.add(error)
    this.#settle(serial, { from: index, count: 1, values: [], error })
  }

  #nameTicket(serial: number): Ticket {
    return { queue: `stream-${this.id}`, serial }
  }

  #settle(serial: number, segment: Segment): void {
    if (this.#isOver) return
    this.settled += segment.count
    for (const ready of this.#reorder.accept(serial, segment)) {
      if (ready.completes) this.#chunks.delete(ready.serial)
      this.#outlet.push(ready)
    }
    this.#finishIfDone()
  }

  #finishIfDone(): void {
    if (this.#isSourceOver && this.#reorder.isEmpty && !this.#isHushed) this.#finish(this.#lastError ?? {}, false)
  }

  /** The next settled stretch that is ready, its errors dealt with by the policy; `undefined` at the end. */
  async next(): Promise<(ReadySegment & { readonly ticket: Ticket }) | undefined> {
    const segment = this.#outlet.takeReady() ?? (await this.#outlet.take())
    if (segment === undefined) return undefined
    this.#inHand += 1
    if (segment.error !== undefined) this.#applyPolicy(segment.error)
    return { ...segment, ticket: this.#nameTicket(segment.serial) }
  }

  /** The consumer is through with a segment: its chunk no longer counts against the window. */
  consumed(segment: ReadySegment): void {
    this.#inHand -= 1
    if (segment.completes) this.#host.post({ type: 'consumed', job: this.id, serial: segment.serial })
  }

  #applyPolicy(error: EisenmpError): void {
    const { onError } = this.#plan.settings
    const isEnding = this.#ending.has(error)
    if (onError === 'skip' && !isEnding) return
    try {
      if (isEnding || typeof onError === 'string') throw error
      onError(error)
    } catch (thrown) {
      this.#finish({}, true)
      throw thrown
    }
  }

  /** The consumer leaves. Resolves when the source is closed. */
  async return(): Promise<void> {
    this.#finish({}, true)
    await this.#closing
  }

  drain(error: EisenmpError | undefined): void {
    this.#isHushed ||= error === undefined
    if (this.#isOver || this.#isSourceOver) return
    if (error !== undefined) this.#lastError = { error }
    void this.#closeSource().catch(() => {})
    this.#endSource()
  }

  fail(error: unknown): void {
    this.#finish({ error }, true)
  }

  get isTaken(): boolean {
    return this.#outlet.isEmpty && this.#inHand <= 0 && (this.#isOver || this.#reorder.isEmpty)
  }

  #finish(ending: { readonly error?: unknown }, discard: boolean): void {
    this.#outlet.end(ending, discard)
    if (this.#isOver) return
    this.#isOver = true
    this.#plan.settings.signal?.removeEventListener('abort', this.#onAbort)
    this.#chunks.clear()
    this.#closing = this.#closeSource()
    this.#closing.catch(() => {})
    if (discard) this.#host.post({ type: 'cancelled', job: this.id })
    this.#host.jobClosed(this)
  }

  async #closeSource(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_DEADLINE_MS)
    })
    try {
      await Promise.race([this.#feed.close(), deadline])
    } catch (error) {
      const reason = summarizeThrown(error)
      throw new EisenmpError('ERR_EISENMP_SOURCE', `Cannot close the source: its return() threw: ${reason}`, {
        cause: error,
      })
    } finally {
      clearTimeout(timer)
    }
  }
}
