import type { Anchor, IndexedSpec } from '../protocol/indexed-spec.ts'

export interface BlockFailure {
  readonly at: number
  readonly next: number
  readonly error: unknown
  /** It is not about the item: the source could not be read. */
  readonly isUnreadable?: boolean
}

/** Items that were made at once. */
export interface Block {
  readonly items: readonly unknown[]
  /** Index of each item; left out where they follow each other without gaps. */
  readonly positions?: readonly number[]
  /** Making went wrong at index `at`; it goes on at `next`. */
  readonly failed?: BlockFailure
}

/** Numbers at equal distances: `first`, `first + step` and so on, each of them exact. */
export interface Progression {
  readonly first: number
  readonly step: number
}

/** An indexed source that can be read. */
export interface OpenedSource {
  /** Indices that are made at once. */
  readonly blockLength: number
  /**
   * Makes the items whose index is in `[from, to)`, at most {@link blockLength} indices. Without an anchor it finds out
   * by itself what it has to know. Throws when the source cannot be read.
   */
  read(from: number, to: number, anchor: Anchor | undefined): Block
  /** The items of `[from, to)`, any number of them, where they are counted instead of made. */
  progress?(from: number, to: number): Progression | undefined
  close(): void
}

/** What tells how to make a source's items, and how many indices there are. */
export interface SourcePlan {
  readonly spec: IndexedSpec
  readonly length: number | bigint
  /** Most sources need nothing but themselves. */
  open(): OpenedSource
  /** Where a chunk begins may depend on all that stands before it. Called with ascending indices. */
  trace?(): Tracer
}

export interface Tracer {
  /** The anchor for a chunk that begins at `index`; a promise when it must be read for. */
  reach(index: number): Anchor | Promise<Anchor>
  close(): void
}

const plans = new WeakMap<object, SourcePlan>()

/** The plan of an indexed source; `undefined` for any other value. */
export function readPlan(source: object): SourcePlan | undefined {
  return plans.get(source)
}

/**
 * A source that is split by index: a stream sends the workers index ranges, and each worker makes its own items. Made by
 * {@link range}, {@link permutations}, {@link lines}, {@link csv} and {@link indexed}.
 *
 * It can be streamed any number of times, also at the same time, and iterated in this thread as well.
 *
 * @typeParam Item - What it consists of.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { type IndexedSource, range } from 'eisenmp'
 * const tens: IndexedSource<number> = range(0, 100, 10)
 * assert.equal(tens.length, 10)
 * assert.deepEqual([...tens.slice(2, 4)], [20, 30])
 * ```
 */
export class IndexedSource<Item> implements Iterable<Item> {
  /** Number of indices: of items, or of bytes for {@link lines} and {@link csv}; a bigint beyond 2^53 - 1. */
  readonly length: number | bigint

  /** @internal */
  constructor(plan: SourcePlan) {
    this.length = plan.length
    plans.set(this, plan)
  }

  /**
   * Makes the items from index `from` up to, not including, `to`, in this thread.
   *
   * @param from - From 0.
   * @param to - Left out: to the end.
   */
  *slice(from: number, to: number = Number(this.length)): Generator<Item, void, undefined> {
    const plan = plans.get(this)!
    const source = plan.open()
    const end = Math.min(to, Number(this.length))
    try {
      for (let at = from; at < end;) {
        const next = Math.min(at + source.blockLength, end)
        const { items, failed } = source.read(at, next, undefined)
        yield* items as Item[]
        if (failed !== undefined) throw failed.error
        at = next
      }
    } finally {
      source.close()
    }
  }

  /** Makes all items in this thread. */
  [Symbol.iterator](): Generator<Item, void, undefined> {
    return this.slice(0)
  }
}
