import type { Snapshot } from '../codec/snapshot.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import type { OpenSource, Step } from './source.ts'

/** What one request for a chunk brings. */
export type Pulled =
  | { readonly kind: 'chunk'; readonly items: readonly unknown[]; readonly ended: boolean }
  | { readonly kind: 'refused'; readonly item: unknown; readonly error: RefusedValue }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: unknown }

export interface ChunkerOptions {
  /** Items for the next chunk, `pulled` having been read so far. */
  readonly size: (pulled: number) => number
  readonly maxBytes: number
  /** Stop collecting after so long and send what is there. */
  readonly maxCollectMs: number
  /** Send what is there when the source makes us wait and a worker is free. */
  readonly isEager: () => boolean
  readonly snapshot: (value: unknown) => Snapshot
  readonly now: () => number
  /** Calls back after the event loop has turned once. */
  readonly defer: (callback: () => void) => void
}

/** Items between two looks at the clock. */
const STRIDE = 16

/** Cuts a source into chunks, one request at a time; what is over stays for the next request. */
export class Chunker {
  readonly #source: OpenSource
  readonly #options: ChunkerOptions
  #items: unknown[] = []
  #bytes = 0
  #pulled = 0
  #size = 0
  #startedAtMs = 0
  /** The answer of the source that is awaited; it outlives a chunk that was sent without it. */
  #awaited: Promise<void> | undefined
  #giveUp: (() => void) | undefined
  /** What ended the source, kept back until the items before it are out. */
  #last: Pulled | undefined

  constructor(source: OpenSource, options: ChunkerOptions) {
    this.#source = source
    this.#options = options
  }

  /** Reads the next chunk. MUST NOT be called again before the answer. */
  pull(): Pulled | Promise<Pulled> {
    if (this.#last !== undefined && this.#items.length === 0) return this.#takeLast()
    this.#size = Math.max(1, this.#options.size(this.#pulled))
    this.#startedAtMs = this.#options.now()
    if (this.#awaited === undefined) {
      const chunk = this.#collect()
      if (chunk !== undefined) return chunk
    }
    return this.#waitForMore()
  }

  /** A worker is free: a chunk that waits for a slow source goes out as it is. */
  nudge(): void {
    if (this.#options.isEager()) this.#giveUp?.()
  }

  close(): Promise<void> {
    this.#items = []
    // For a request that still waits for the source: it goes on nowhere.
    this.#last = { kind: 'ended' }
    return this.#source.close()
  }

  /** Reads until the chunk is full; `undefined` when the source makes us wait. */
  #collect(): Pulled | undefined {
    while (!this.#isFull()) {
      this.#takePlain()
      if (this.#isFull()) break
      let step: Step | Promise<Step>
      try {
        step = this.#source.pull()
      } catch (error) {
        this.#last = { kind: 'failed', error }
        break
      }
      if (step instanceof Promise) {
        this.#await(step)
        return undefined
      }
      if (!this.#take(step)) break
    }
    return this.#cut()
  }

  #isFull(): boolean {
    const count = this.#items.length
    if (count >= this.#size || this.#bytes >= this.#options.maxBytes) return true
    // The clock is read now and then only: for cheap sources it would be most of the cost.
    return count > 0 && count % STRIDE === 0 && this.#options.now() - this.#startedAtMs > this.#options.maxCollectMs
  }

  #takePlain(): void {
    const items = this.#items
    const before = items.length
    // Up to where the clock is read next.
    const count = Math.min(this.#size, (Math.floor(before / STRIDE) + 1) * STRIDE)
    this.#bytes += this.#source.takePlain(items, count, this.#options.maxBytes - this.#bytes)
    this.#pulled += items.length - before
  }

  #take(step: Step): boolean {
    if (step.done) {
      this.#last = { kind: 'ended' }
      return false
    }
    this.#pulled += 1
    try {
      const { value, bytes } = this.#options.snapshot(step.value)
      this.#items.push(value)
      this.#bytes += bytes
      return true
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error
      this.#last = { kind: 'refused', item: step.value, error }
      return false
    }
  }

  #await(step: Promise<Step>): void {
    this.#awaited = step.then(
      (value) => {
        this.#awaited = undefined
        this.#take(value)
      },
      (error: unknown) => {
        this.#awaited = undefined
        this.#last = { kind: 'failed', error }
      },
    )
  }

  async #waitForMore(): Promise<Pulled> {
    for (;;) {
      if (this.#awaited !== undefined) await this.#waitOrGiveUp(this.#awaited)
      // Still waiting: what is there goes out meanwhile.
      if (this.#awaited !== undefined || this.#last !== undefined) return this.#cut()
      const chunk = this.#collect()
      if (chunk !== undefined) return chunk
    }
  }

  /** Waits for the source, but with items in hand only until a worker is free for them. */
  #waitOrGiveUp(awaited: Promise<void>): Promise<void> {
    if (this.#items.length === 0) return awaited
    const { defer, isEager } = this.#options
    return new Promise<void>((resolve) => {
      this.#giveUp = () => resolve()
      void awaited.then(resolve)
      // One turn of the loop first: a source that answers by promises alone has then filled the chunk.
      defer(() => {
        if (isEager()) resolve()
      })
    }).then(() => {
      this.#giveUp = undefined
    })
  }

  #cut(): Pulled {
    if (this.#items.length === 0) return this.#takeLast()
    const items = this.#items
    this.#items = []
    this.#bytes = 0
    return { kind: 'chunk', items, ended: this.#last?.kind === 'ended' }
  }

  #takeLast(): Pulled {
    const last = this.#last!
    if (last.kind === 'refused') this.#last = undefined
    return last
  }
}
