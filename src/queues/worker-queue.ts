import { arrangeQueues } from '../broker/arrange-queues.ts'
import type { QueueTraits } from '../broker/queue-state.ts'
import type { Chunk, PutOptions, Puttable, WorkerQueue } from '../queue.ts'
import type { QueueClient } from './queue-client.ts'

/** A queue as seen in a worker. */
class ClientQueue implements WorkerQueue {
  readonly name: string
  readonly category: string | undefined
  readonly capacity: number
  readonly #id: number
  readonly #client: QueueClient

  constructor(id: number, { name, category, capacity }: QueueTraits, client: QueueClient) {
    this.name = name
    this.category = category
    this.capacity = capacity
    this.#id = id
    this.#client = client
  }

  get size(): number {
    return this.#client.sizes[this.#id]!
  }

  async put(items: Puttable<unknown>, options?: PutOptions): Promise<void> {
    await this.#client.put(this.#id, items, options?.ticket, false)
  }

  tryPut(items: Puttable<unknown>, options?: PutOptions): Promise<boolean> {
    return this.#client.put(this.#id, items, options?.ticket, true)
  }

  take(): Promise<Chunk<unknown> | undefined> {
    return this.#client.take(this.#id, false)
  }

  tryTake(): Promise<Chunk<unknown> | undefined> {
    return this.#client.take(this.#id, true)
  }

  putSync(items: Puttable<unknown>, options?: PutOptions): void {
    this.#client.putSync(this.#id, items, options?.ticket)
  }

  takeSync(): Chunk<unknown> | undefined {
    return this.#client.takeSync(this.#id)
  }

  close(): void {
    this.#client.close(this.#id)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk<unknown>, void, void> {
    for (;;) {
      const chunk = await this.#client.take(this.#id, false, true)
      if (chunk === undefined) return
      yield chunk
    }
  }
}

/** By name, or by category and name; a name that is not there is explained when it is asked for. */
export function createWorkerQueues(traits: readonly QueueTraits[], client: QueueClient): object {
  return arrangeQueues(traits, (each, id) => new ClientQueue(id, each, client))
}
