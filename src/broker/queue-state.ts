import type { Entry, Party } from './effects.ts'

/** What a queue is called and how much it holds. */
export interface QueueTraits {
  readonly name: string
  readonly category: string | undefined
  /** Chunks. */
  readonly capacity: number
}

/** The name that tickets and messages use. */
export function nameQueue({ name, category }: Pick<QueueTraits, 'name' | 'category'>): string {
  return category === undefined ? name : `${category}.${name}`
}

/** A first-in, first-out line that also takes back at the front. */
export class Line<T> {
  #items: (T | undefined)[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head += 1
    // The empty part never becomes the larger one.
    if (this.#head > 64 && this.#head * 2 > this.#items.length) this.#compact()
    return item
  }

  /** Puts an item before the first one that `isLater`. */
  insert(item: T, isLater: (other: T) => boolean): void {
    this.#compact()
    const items = this.#items as T[]
    const position = items.findIndex((other) => isLater(other))
    if (position < 0) items.push(item)
    else items.splice(position, 0, item)
  }

  /** Takes out what matches. */
  remove(matches: (item: T) => boolean): T[] {
    this.#compact()
    const removed = (this.#items as T[]).filter((item) => matches(item))
    if (removed.length > 0) this.#items = (this.#items as T[]).filter((item) => !matches(item))
    return removed
  }

  list(): T[] {
    this.#compact()
    return [...(this.#items as T[])]
  }

  #compact(): void {
    this.#items.splice(0, this.#head)
    this.#head = 0
  }
}

export interface Putter<Payload> {
  readonly party: Party
  readonly entry: Entry<Payload>
}

/** One queue: chunks that wait, takers that wait for chunks, and chunks that wait for room. */
export class QueueState<Payload> {
  readonly id: number
  readonly traits: QueueTraits
  readonly fullName: string
  readonly entries: Line<Entry<Payload>> = new Line()
  readonly takers: Line<{ readonly party: Party; readonly isLeased: boolean }> = new Line()
  readonly putters: Line<Putter<Payload>> = new Line()
  /** Chunks that were taken and are not acknowledged. */
  leased = 0
  /** Serial number of the next ticket. */
  nextSerial = 0
  /** Place of the next chunk. */
  nextPlace = 0
  isClosed = false
  /** What its source failed with. */
  error: unknown

  constructor(id: number, traits: QueueTraits) {
    this.id = id
    this.traits = traits
    this.fullName = nameQueue(traits)
  }

  get isFull(): boolean {
    return this.entries.length >= this.traits.capacity
  }

  /** Nothing is in it, and nothing waits to get in. */
  get isDrained(): boolean {
    return this.isClosed && this.entries.length === 0 && this.putters.length === 0
  }
}
