import type { Ticket } from './errors.ts'

/**
 * Consecutive items that travel together, or their results.
 *
 * @typeParam Item - Type of the items.
 */
export interface Chunk<Item> {
  /** Names the chunk: the queue or stream that it came through, and its serial number there, from 0. */
  readonly ticket: Ticket
  /** In the order of the source. */
  readonly items: Item[]
}

/** What can be put into a queue: an array becomes one chunk, a chunk is passed on, anything else is a chunk of one item. */
export type Puttable<Item> = readonly Item[] | Chunk<Item> | Item

/** Options of `put`. */
export interface PutOptions {
  /** Carries the ticket of another chunk on, so that results can be put in the order of the first queue. */
  readonly ticket?: Ticket
}

interface QueueBase {
  /** Its name within the category. */
  readonly name: string
  /** The group it belongs to. */
  readonly category: string | undefined
  /** Chunks that it holds; whoever puts more waits. */
  readonly capacity: number
  /** Chunks that wait in it. In a worker, as last heard. */
  readonly size: number
}

/**
 * A named, bounded queue of chunks, with many producers and many consumers; this is its end in the program that owns the
 * pool. Its ends in the workers are {@link WorkerQueue}s.
 *
 * Whoever came first is served first. A full queue makes `put` wait. Items are copied when they are put.
 *
 * @typeParam Item - Type of the items.
 *
 * @example
 * ```ts
 * // file: shout.worker.ts
 * import type { Toolbox, WorkerQueue } from 'eisenmp'
 * export async function shout({ queues }: Toolbox<unknown, { words: WorkerQueue<string>; loud: WorkerQueue<string> }>) {
 *   const chunk = await queues.words.take()
 *   if (!chunk) return false
 *   await queues.loud.put(chunk.items.map((word) => word.toUpperCase()))
 *   return true
 * }
 * ```
 * ```ts
 * import { createPool } from 'eisenmp'
 * import type * as Shout from './shout.worker.ts'
 *
 * const pool = await createPool<typeof Shout>({
 *   modules: new URL('./shout.worker.ts', import.meta.url),
 *   queues: { words: { capacity: 4 }, loud: { capacity: 4 } },
 *   workers: 1,
 * })
 * const { words, loud } = pool.queues
 * await words.put(['hello', 'world'])
 * words.close()
 * const done = pool.loop('shout', { closes: [loud] })
 * for await (const { items } of loud) console.log(items)
 * await done
 * await pool.close()
 * ```
 */
export interface Queue<Item = unknown> extends QueueBase, AsyncIterable<Chunk<Item>> {
  /**
   * Puts one chunk; resolves when it has found room.
   *
   * @throws EisenmpError by rejection: `ERR_EISENMP_QUEUE` when the queue is closed, `ERR_EISENMP_CLONE` for what cannot
   * be copied, `ERR_EISENMP_CLOSED` when the pool ends before there is room.
   */
  put(items: Puttable<Item>, options?: PutOptions): Promise<void>
  /** Puts one chunk if there is room for it now. */
  tryPut(items: Puttable<Item>, options?: PutOptions): boolean
  /**
   * The next chunk, or `undefined` when the queue is closed and empty.
   *
   * @throws EisenmpError by rejection: `ERR_EISENMP_SOURCE` when a source that fed it has failed, after the chunks before
   * that.
   */
  take(): Promise<Chunk<Item> | undefined>
  /** The next chunk if there is one now. */
  tryTake(): Chunk<Item> | undefined
  /** Nothing more goes in; what is in it still comes out, and then every taker is told. */
  close(): void
  /** Nothing more goes in. */
  readonly isClosed: boolean
  /** Takers that wait for a chunk. */
  readonly takers: number
  /** Chunks that wait for room. */
  readonly putters: number
}

/**
 * The end of a {@link Queue} in a worker: `toolbox.queues.name`, `toolbox.queues.category.name`.
 *
 * In a loop, one call is a transaction. What it takes is leased: it is acknowledged when the call returns, and goes to
 * another worker if this one dies before. What it puts, emits, counts and closes takes effect at the same moment; so
 * `put` does not wait for room, the call's end does. A call that takes on after it has put or emitted something has
 * done with what it took before. In `for await (const chunk of queue)` each chunk is done when the next is asked for.
 *
 * Outside of loops, in tasks and mates, everything takes effect at once.
 *
 * @typeParam Item - Type of the items.
 *
 * @example
 * ```ts
 * import type { Toolbox, WorkerQueue } from 'eisenmp'
 * export async function count(toolbox: Toolbox<unknown, { words: WorkerQueue<string> }>): Promise<boolean> {
 *   const chunk = await toolbox.queues.words.take()
 *   if (!chunk) return false
 *   toolbox.emit(chunk.items.length, { ticket: chunk.ticket })
 *   return true
 * }
 * ```
 */
export interface WorkerQueue<Item = unknown> extends QueueBase, AsyncIterable<Chunk<Item>> {
  /** Puts one chunk. */
  put(items: Puttable<Item>, options?: PutOptions): Promise<void>
  /** Puts one chunk if there is room for it now; in a call that holds chunks, always. */
  tryPut(items: Puttable<Item>, options?: PutOptions): Promise<boolean>
  /**
   * The next chunk, or `undefined` when the queue is closed and empty. It MUST be awaited: what has come by the end of the
   * call counts as done, so takes that race each other lose chunks.
   */
  take(): Promise<Chunk<Item> | undefined>
  /** The next chunk if there is one now. */
  tryTake(): Promise<Chunk<Item> | undefined>
  /** As {@link WorkerQueue.put}, with the thread blocked; in worker threads only. */
  putSync(items: Puttable<Item>, options?: PutOptions): void
  /** As {@link WorkerQueue.take}, with the thread blocked, timers and all; in worker threads only. */
  takeSync(): Chunk<Item> | undefined
  /** Nothing more goes in, from anywhere. */
  close(): void
}
