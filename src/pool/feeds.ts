import type { QueueState } from '../broker/queue-state.ts'
import type { PackedValues } from '../codec/pack.ts'
import { EisenmpError } from '../errors.ts'
import { createDeferred } from '../internal/deferred.ts'
import type { Source } from '../stream/source.ts'
import { type FeedOptions, Feeder } from './feeder.ts'
import type { QueueDesk } from './queue-desk.ts'

export interface FeedsHost {
  readonly desk: QueueDesk
  readonly isPortable: boolean
  /** A feed has begun or ended. */
  changed(): void
}

/** All sources that are read into queues, each queue closed by the last one that feeds it. */
export class Feeds {
  readonly #host: FeedsHost
  readonly #open = new Map<Feeder, { readonly queue: number; readonly closes: boolean }>()
  /** Items in all sources, when all of them know. */
  total: number | undefined = 0
  /** Why feeds were ended before their sources. */
  #cut: { readonly error: unknown } | undefined

  constructor(host: FeedsHost) {
    this.#host = host
  }

  /** @throws EisenmpError at once, when the queue is closed, or the source cannot be opened. */
  start(
    source: Source<unknown>,
    options: FeedOptions,
    { id, fullName, isClosed }: QueueState<PackedValues>,
  ): Promise<void> {
    if (isClosed) {
      const text = `Cannot feed queue '${fullName}': it is closed; feed it before its last source ends, or with { close: false }`
      throw new EisenmpError('ERR_EISENMP_QUEUE', text)
    }
    options.signal?.throwIfAborted()
    const { desk, isPortable } = this.#host
    const put = (payload: PackedValues): Promise<boolean> =>
      new Promise((resolve) => desk.putOwn(id, payload, undefined, ({ type }) => resolve(type === 'admitted')))
    const feeder = new Feeder(source, options, { fullName, isPortable, put })
    this.#open.set(feeder, { queue: id, closes: options.close ?? true })
    this.total = this.total === undefined || feeder.total === undefined ? undefined : this.total + feeder.total
    const fed = createDeferred<void>()
    void this.#run(feeder, id, options.signal).then(fed.resolve, fed.reject)
    this.#host.changed()
    return fed.promise
  }

  async #run(feeder: Feeder, queue: number, signal: AbortSignal | undefined): Promise<void> {
    const failure = await this.#runToEnd(feeder, signal)
    const { closes } = this.#open.get(feeder)!
    this.#open.delete(feeder)
    // What came before a failure is still taken; who asks for more is told of it.
    if (failure !== undefined) this.#host.desk.close(queue, failure.error)
    else if (closes && !this.#isFed(queue)) this.#host.desk.close(queue)
    this.#host.changed()
    if (failure !== undefined) throw failure.error
  }

  /** What it has failed with, or was cut short for. */
  async #runToEnd(feeder: Feeder, signal: AbortSignal | undefined): Promise<{ readonly error: unknown } | undefined> {
    const onAbort = (): void => void feeder.stop().catch(() => {})
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await feeder.run()
    } catch (error) {
      return { error }
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
    if (signal?.aborted === true) return { error: signal.reason }
    return feeder.isStopped ? this.#cut : undefined
  }

  #isFed(queue: number): boolean {
    for (const feed of this.#open.values()) if (feed.queue === queue) return true
    return false
  }

  /** Nothing more is read. */
  stop(error: unknown): void {
    this.#cut ??= { error }
    for (const feeder of this.#open.keys()) void feeder.stop().catch(() => {})
  }
}
