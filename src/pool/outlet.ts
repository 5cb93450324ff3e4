import { createDeferred, type Deferred } from '../internal/deferred.ts'
import type { ReadySegment } from '../stream/reorder.ts'

/** What a stream ends with: nothing, or an error. */
export type Ending = { readonly error?: unknown }

/** Between a stream's results and its consumer: segments that are ready, consumers that wait, and the end. */
export class Outlet {
  readonly #ready: ReadySegment[] = []
  readonly #waiting: Deferred<ReadySegment | undefined>[] = []
  #ending: Ending | undefined

  get isEmpty(): boolean {
    return this.#ready.length === 0
  }

  get isEnded(): boolean {
    return this.#ending !== undefined
  }

  push(segment: ReadySegment): void {
    const consumer = this.#waiting.shift()
    if (consumer === undefined) this.#ready.push(segment)
    else consumer.resolve(segment)
  }

  /** Ends after what is ready; `discard` drops that first. */
  end(ending: Ending, discard: boolean): void {
    if (this.#ending !== undefined) return
    this.#ending = ending
    if (discard) this.#ready.length = 0
    for (const consumer of this.#waiting.splice(0)) {
      if ('error' in ending) {
        consumer.reject(ending.error)
        // One consumer gets the error; for the others the stream is over.
        this.#ending = {}
        ending = {}
      } else consumer.resolve(undefined)
    }
  }

  /** The next segment now; `undefined` when none is ready. */
  takeReady(): ReadySegment | undefined {
    return this.#ready.shift()
  }

  /** The next segment, or `undefined` at the end. */
  take(): Promise<ReadySegment | undefined> {
    const segment = this.#ready.shift()
    if (segment !== undefined) return Promise.resolve(segment)
    if (this.#ending === undefined) {
      const consumer = createDeferred<ReadySegment | undefined>()
      this.#waiting.push(consumer)
      return consumer.promise
    }
    if (!('error' in this.#ending)) return Promise.resolve(undefined)
    const { error } = this.#ending
    this.#ending = {}
    return Promise.reject(error)
  }
}
