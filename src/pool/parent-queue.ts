import { explainClosed } from '../broker/explain-closed.ts'
import { listItems } from '../broker/puttable.ts'
import type { QueueState } from '../broker/queue-state.ts'
import { type PackedValues, pack, unpack } from '../codec/pack.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import { snapshot } from '../codec/snapshot.ts'
import { EisenmpError } from '../errors.ts'
import type { Chunk, PutOptions, Puttable, Queue } from '../queue.ts'
import type { Parcelled, ParentAnswer, QueueDesk } from './queue-desk.ts'

export interface QueueOwner {
  readonly desk: QueueDesk
  readonly isPortable: boolean
  /** @throws what the pool was closed with. */
  checkOpen(): void
  /** The program uses the queue. */
  touch(queue: number): void
}

function open(entry: Parcelled): Chunk<unknown> {
  return Object.freeze({ ticket: entry.ticket, items: unpack(entry.payload) as unknown[] })
}

/** A queue as the program sees it. */
export class ParentQueue implements Queue {
  readonly name: string
  readonly category: string | undefined
  readonly capacity: number
  readonly #state: QueueState<PackedValues>
  readonly #owner: QueueOwner

  constructor(state: QueueState<PackedValues>, owner: QueueOwner) {
    const { name, category, capacity } = state.traits
    this.name = name
    this.category = category
    this.capacity = capacity
    this.#state = state
    this.#owner = owner
  }

  get size(): number {
    return this.#state.entries.length
  }

  get takers(): number {
    return this.#state.takers.length
  }

  get putters(): number {
    return this.#state.putters.length
  }

  get isClosed(): boolean {
    return this.#state.isClosed
  }

  /** @internal */
  static stateOf(queue: ParentQueue): QueueState<PackedValues> {
    return queue.#state
  }

  /** @throws EisenmpError when it cannot be copied. */
  #copy(given: unknown): PackedValues {
    const options = { root: 'item', portable: this.#owner.isPortable }
    try {
      return pack(listItems(given).map((item) => snapshot(item, options).value))
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error
      const code = error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
      throw new EisenmpError(code, `Cannot put into queue '${this.#state.fullName}': ${error.message}`, {
        cause: error,
      })
    }
  }

  async put(items: Puttable<unknown>, options?: PutOptions): Promise<void> {
    this.#owner.checkOpen()
    this.#owner.touch(this.#state.id)
    const payload = this.#copy(items)
    const { desk } = this.#owner
    const answer = await new Promise<ParentAnswer>((resolve) => {
      desk.putOwn(this.#state.id, payload, options?.ticket, resolve)
    })
    if (answer.type === 'admitted') return
    this.#owner.checkOpen()
    throw explainClosed(this.#state.fullName)
  }

  tryPut(items: Puttable<unknown>, options?: PutOptions): boolean {
    this.#owner.checkOpen()
    this.#owner.touch(this.#state.id)
    if (this.#state.isClosed) throw explainClosed(this.#state.fullName)
    if (this.#state.isFull || this.#state.putters.length > 0) return false
    this.#owner.desk.putOwn(this.#state.id, this.#copy(items), options?.ticket, () => {})
    return true
  }

  async take(): Promise<Chunk<unknown> | undefined> {
    const { desk } = this.#owner
    const answer = await new Promise<ParentAnswer>((resolve) => desk.takeOwn(this.#state.id, resolve))
    if (answer.type === 'give') return open(answer.entry)
    if (answer.type === 'closed' && answer.error !== undefined) throw answer.error
    return undefined
  }

  tryTake(): Chunk<unknown> | undefined {
    if (this.#state.entries.length === 0) return undefined
    let entry: Parcelled | undefined
    this.#owner.desk.takeOwn(this.#state.id, (answer) => {
      if (answer.type === 'give') entry = answer.entry
    })
    return entry === undefined ? undefined : open(entry)
  }

  close(): void {
    this.#owner.desk.close(this.#state.id)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk<unknown>, void, void> {
    for (let chunk = await this.take(); chunk !== undefined; chunk = await this.take()) yield chunk
  }
}
