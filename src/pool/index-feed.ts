import type { Anchor, IndexRange } from '../protocol/indexed-spec.ts'
import type { Pulled } from '../stream/chunker.ts'
import type { OpenedSource, SourcePlan, Tracer } from '../stream/indexed-source.ts'
import type { Feed, PulledRange } from './feed.ts'

let lastKey = 0

/** Cuts an indexed source into chunks without making an item. */
export class IndexFeed implements Feed {
  readonly #plan: SourcePlan
  readonly #size: (pulled: number) => number
  readonly #tracer: Tracer | undefined
  readonly #length: number
  // Over all pools: inline workers share a process, and their sources are told apart by it.
  readonly #key = (lastKey += 1)
  #next = 0
  #isClosed = false
  #opened: OpenedSource | undefined

  constructor(plan: SourcePlan, size: (pulled: number) => number) {
    this.#plan = plan
    this.#size = size
    this.#length = Number(plan.length)
    this.#tracer = plan.trace?.()
  }

  pull(): Pulled | PulledRange | Promise<Pulled | PulledRange> {
    if (this.#isClosed || this.#next >= this.#length) return { kind: 'ended' }
    const anchor = this.#tracer?.reach(this.#next)
    return anchor instanceof Promise ? this.#wait(anchor) : this.#cut(anchor)
  }

  async #wait(anchor: Promise<Anchor>): Promise<Pulled | PulledRange> {
    try {
      return this.#cut(await anchor)
    } catch (error) {
      return { kind: 'failed', error }
    }
  }

  #cut(anchor: Anchor | undefined): PulledRange {
    const count = Math.min(Math.max(1, this.#size(this.#next)), this.#length - this.#next)
    this.#next += count
    return { kind: 'range', count, anchor, ended: this.#next >= this.#length }
  }

  describe(from: number, count: number, anchor: Anchor | undefined): IndexRange {
    return { key: this.#key, spec: this.#plan.spec, from, count, anchor }
  }

  /** Makes one item, for an error that is about it. Its source may be what is wrong; then there is none. */
  makeItem(index: number, anchor: Anchor | undefined): unknown {
    try {
      const source = (this.#opened ??= this.#plan.open())
      return source.read(index, index + 1, anchor).items[0]
    } catch {
      return undefined
    } finally {
      if (this.#isClosed) this.#closeOpened()
    }
  }

  nudge(): void {}

  async close(): Promise<void> {
    this.#isClosed = true
    this.#tracer?.close()
    this.#closeOpened()
  }

  #closeOpened(): void {
    this.#opened?.close()
    this.#opened = undefined
  }
}
