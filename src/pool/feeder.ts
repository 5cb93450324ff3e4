import { type PackedValues, pack } from '../codec/pack.ts'
import { snapshot } from '../codec/snapshot.ts'
import { EisenmpError } from '../errors.ts'
import { readClock } from '../internal/clock.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { type OptionTable, abortSignal, checkOptions, flag, integer } from '../options.ts'
import type { Queue } from '../queue.ts'
import { Chunker, type Pulled } from '../stream/chunker.ts'
import { readPlan } from '../stream/indexed-source.ts'
import { type Source, openSource, readLength } from '../stream/source.ts'

/** Options of {@link QueuePool.feed}. */
export interface FeedOptions {
  /**
   * One of `pool.queues`.
   *
   * @defaultValue `pool.queues.input`
   */
  readonly queue?: Queue
  /**
   * Items that travel together.
   *
   * @defaultValue 1000
   */
  readonly chunk?: number
  /** Items in the source, for progress, where the source does not know. */
  readonly total?: number
  /**
   * Close the queue when this source and all others that feed it have ended.
   *
   * @defaultValue `true`
   */
  readonly close?: boolean
  /** Ends the feed: its source is closed, and the feed rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const table: OptionTable = {
  queue: { expected: 'a queue of this pool: pool.queues.name', accepts: (value) => typeof value === 'object' },
  chunk: integer(1),
  total: integer(0),
  close: flag,
  signal: abortSignal,
}

const DEFAULT_CHUNK = 1000
const MAX_BYTES = 64 * 1024 * 1024

/** @throws EisenmpError `ERR_EISENMP_OPTION` */
export function checkFeedOptions(given: unknown): FeedOptions {
  return checkOptions('feed()', given ?? {}, table)
}

/** Items of an indexed source; of files it is known only how many bytes they have. */
function countIndices(source: Source<unknown>): number | undefined {
  const plan = readPlan(source)
  return plan === undefined || plan.spec.kind === 'lines' || plan.spec.kind === 'csv' ? undefined : Number(plan.length)
}

/** How a feed puts its chunks. */
export interface FeedTarget {
  readonly fullName: string
  readonly isPortable: boolean
  /** Resolves when there was room; `false` when nothing more is taken. */
  put(items: PackedValues): Promise<boolean>
}

/** Reads one source and puts its chunks into one queue, the next one when there was room for the one before. */
export class Feeder {
  readonly total: number | undefined
  /** Items that were put. */
  fed = 0
  readonly #target: FeedTarget
  readonly #chunker: Chunker
  /** It was ended before its source. */
  isStopped = false
  /** Ends the wait for room. */
  #release: () => void = () => {}

  constructor(source: Source<unknown>, { chunk = DEFAULT_CHUNK, total }: FeedOptions, target: FeedTarget) {
    this.#target = target
    try {
      this.total = total ?? readLength(source) ?? countIndices(source)
      this.#chunker = new Chunker(openSource(source), {
        size: () => chunk,
        maxBytes: MAX_BYTES,
        maxCollectMs: Infinity,
        isEager: () => false,
        snapshot: (value) => snapshot(value, { root: 'item', portable: target.isPortable }),
        now: readClock,
        defer: (callback) => setImmediate(callback),
      })
    } catch (error) {
      const text = `Cannot open the source for queue '${target.fullName}': it threw: ${summarizeThrown(error)}`
      throw new EisenmpError('ERR_EISENMP_SOURCE', text, { cause: error })
    }
  }

  /** Ends it from outside, closing the source. */
  async stop(): Promise<void> {
    this.isStopped = true
    this.#release()
    await this.#chunker.close()
  }

  /**
   * Resolves when the source has ended, or the feed was stopped.
   *
   * @throws EisenmpError `ERR_EISENMP_SOURCE` when the source fails, `ERR_EISENMP_CLONE` or `ERR_EISENMP_SIZE` for an item.
   */
  async run(): Promise<void> {
    for (;;) {
      const pulled = await this.#chunker.pull()
      if (this.isStopped || pulled.kind === 'ended') return
      if (pulled.kind !== 'chunk') {
        await this.#chunker.close().catch(() => {})
        throw this.#explain(pulled)
      }
      if (!(await this.#put(pack(pulled.items)))) return this.stop()
      this.fed += pulled.items.length
      if (pulled.ended) return
    }
  }

  /** Waits for room, or for the end of the feed: a chunk that stands in line by then still goes in. */
  #put(items: PackedValues): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#release = () => resolve(true)
    this.#target.put(items).then(resolve, reject)
    return promise
  }

  #explain(pulled: Extract<Pulled, { readonly kind: 'failed' | 'refused' }>): EisenmpError {
    const { fullName } = this.#target
    const { error } = pulled
    const details = { cause: error, index: this.fed }
    if (pulled.kind === 'failed') {
      const text = `Cannot feed queue '${fullName}' any further: the source threw after ${this.fed} items`
      return new EisenmpError('ERR_EISENMP_SOURCE', `${text}: ${summarizeThrown(error)}`, details)
    }
    const code = pulled.error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
    const text = `Cannot feed queue '${fullName}' with item ${this.fed}: ${pulled.error.message}`
    return new EisenmpError(code, text, { ...details, item: pulled.item })
  }
}
