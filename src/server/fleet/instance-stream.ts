import { type Deferred, createDeferred } from '../../internal/deferred.ts'
import type { ReaderSpec, StreamPolicy } from './fleet-messages.ts'

/** What a stream needs of its fleet. */
export interface StreamLink {
  giveCredit(count: number): void
  leave(): void
}

/**
 * What an instance emits on one channel, from the moment of `instance.stream()` on, in order. Made by
 * {@link Instance.stream}; `for await` reads it, and a `break` ends it, for this reader only.
 *
 * It ends with its instance. When the worker of the instance dies and the instance is made again, it goes on with what the
 * new one emits, and `recreations` counts it; when the instance is lost, it throws `ERR_EISENMP_CRASH` after the values that
 * have arrived.
 *
 * @typeParam Value - Type of the values.
 *
 * @example
 * ```ts
 * // file: counter.worker.ts
 * import type { InstanceToolbox } from 'eisenmp/server'
 * export class Counter {
 *   readonly #toolbox: InstanceToolbox
 *   constructor(_input: unknown, toolbox: InstanceToolbox) {
 *     this.#toolbox = toolbox
 *   }
 *   count(to: number): void {
 *     for (let n = 1; n <= to; n++) void this.#toolbox.emit('number', n)
 *   }
 * }
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createFleet } from 'eisenmp/server'
 * import type { Counter } from './counter.worker.ts'
 *
 * const fleet = await createFleet<Counter>({ module: new URL('./counter.worker.ts', import.meta.url), workers: 1 })
 * const counter = await fleet.create('one')
 * const numbers = counter.stream('number')
 * await counter.call('count', 3)
 * const seen: unknown[] = []
 * for await (const number of numbers) if (seen.push(number) === 3) break
 * assert.deepEqual(seen, [1, 2, 3])
 * await fleet.close()
 * ```
 */
export class InstanceStream<Value = unknown> implements AsyncIterableIterator<Value, undefined, undefined> {
  readonly #reader: ReaderSpec
  readonly #link: StreamLink
  #values: Value[] = []
  readonly #takers: Deferred<IteratorResult<Value, undefined>>[] = []
  /** Values that the worker may send again, not told to it yet. */
  #credit = 0
  /** Values of a life before: room for them is not the new one's to fill. */
  #stale = 0
  #droppedHere = 0
  #droppedBefore = 0
  #droppedThere = 0
  #recreations = 0
  #end: { readonly error: unknown } | 'done' | undefined

  /** @internal */
  constructor(reader: ReaderSpec, link: StreamLink) {
    this.#reader = reader
    this.#link = link
  }

  /** The channel that it reads. */
  get channel(): string {
    return this.#reader.channel
  }

  /** What becomes of values that come faster than they are read. */
  get policy(): StreamPolicy {
    return this.#reader.policy
  }

  /** Values that were dropped for this reader, as far as is known here. */
  get dropped(): number {
    return this.#droppedHere + this.#droppedBefore + this.#droppedThere
  }

  /** How often the instance was made again since the stream was opened. Whatever it had not sent then is gone. */
  get recreations(): number {
    return this.#recreations
  }

  /** @internal */
  static take(stream: InstanceStream, value: unknown, droppedThere: number): void {
    stream.#droppedThere = droppedThere
    if (stream.#end !== undefined) return
    const isWaited = stream.#reader.policy === 'wait'
    if (!isWaited) stream.#giveCredit()
    const taker = stream.#takers.shift()
    if (taker !== undefined) {
      if (isWaited) stream.#giveCredit()
      return taker.resolve({ done: false, value })
    }
    stream.#values.push(value)
    if (isWaited || stream.#values.length <= stream.#reader.capacity) return
    stream.#values.shift()
    stream.#droppedHere += 1
  }

  /** @internal The instance is made again. */
  static renew(stream: InstanceStream): ReaderSpec {
    stream.#recreations += 1
    stream.#stale = stream.#values.length
    stream.#credit = 0
    stream.#droppedBefore += stream.#droppedThere
    stream.#droppedThere = 0
    return stream.#reader
  }

  /** @internal Nothing more comes. */
  static end(stream: InstanceStream, error?: { readonly error: unknown }): void {
    if (stream.#end !== undefined) return
    stream.#end = error ?? 'done'
    for (const taker of stream.#takers.splice(0)) stream.#settle(taker)
  }

  /** @internal */
  static idOf(stream: InstanceStream): number {
    return stream.#reader.id
  }

  /** A message for every value would be as many as the values. */
  #giveCredit(): void {
    this.#credit += 1
    if (this.#credit < Math.ceil(this.#reader.capacity / 2)) return
    this.#link.giveCredit(this.#credit)
    this.#credit = 0
  }

  #settle(taker: Deferred<IteratorResult<Value, undefined>>): void {
    const end = this.#end
    if (end === 'done' || end === undefined) return taker.resolve({ done: true, value: undefined })
    // An error is thrown once.
    this.#end = 'done'
    taker.reject(end.error)
  }

  /** The next value, when there is one. */
  next(): Promise<IteratorResult<Value, undefined>> {
    const taker = createDeferred<IteratorResult<Value, undefined>>()
    if (this.#values.length > 0) {
      const value = this.#values.shift()!
      if (this.#stale > 0) this.#stale -= 1
      else if (this.#reader.policy === 'wait' && this.#end === undefined) this.#giveCredit()
      taker.resolve({ done: false, value })
    } else if (this.#end === undefined) this.#takers.push(taker)
    else this.#settle(taker)
    return taker.promise
  }

  /** Reads no more: what has not been read is gone, and an instance that waits for this reader goes on. */
  return(): Promise<IteratorResult<Value, undefined>> {
    this.#values = []
    if (this.#end === undefined) this.#link.leave()
    InstanceStream.end(this)
    return Promise.resolve({ done: true, value: undefined })
  }

  /** The stream itself: all who iterate it share its values. For each to get all, open one stream for each. */
  [Symbol.asyncIterator](): this {
    return this
  }

  /** The same as {@link InstanceStream.return}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}
