import type { Unit } from './events.ts'

/** Up to here, dead slots are cheaper than a clean-up. */
const SPARE_SLOTS = 64

/**
 * The units of one job that wait: first in, first out, with a way back to the front. Every operation takes constant time
 * on average, also when 100,000 single calls wait and are cancelled one by one.
 */
export class UnitQueue {
  /** Counts of a chunk that is not in here any more do not matter: its units are skipped. */
  readonly #chunks: ReadonlyMap<number, { waiting: number }>
  /** What came back, the next one last. It all goes before the fresh ones. */
  #returned: Unit[] = []
  #fresh: Unit[] = []
  /** Slots of `#fresh` before this one are used up. */
  #head = 0
  #size = 0

  constructor(chunks: ReadonlyMap<number, { waiting: number }>) {
    this.#chunks = chunks
  }

  get size(): number {
    return this.#size
  }

  push(unit: Unit): void {
    this.#fresh.push(unit)
    this.#count(unit, 1)
  }

  unshift(unit: Unit): void {
    this.#returned.push(unit)
    this.#count(unit, 1)
  }

  first(): Unit | undefined {
    for (let unit = this.#returned.at(-1); unit !== undefined; unit = this.#returned.at(-1)) {
      if (this.#chunks.has(unit.serial)) return unit
      this.#returned.pop()
    }
    for (; this.#head < this.#fresh.length; this.#head++) {
      const unit = this.#fresh[this.#head]!
      if (this.#chunks.has(unit.serial)) return unit
    }
    return undefined
  }

  shift(): Unit | undefined {
    const unit = this.first()
    if (unit === undefined) return undefined
    if (this.#returned.length > 0) this.#returned.pop()
    else this.#head += 1
    this.#count(unit, -1)
    this.#compact()
    return unit
  }

  /** Drops all units of a chunk that was just taken out of the chunks. */
  drop(chunk: { waiting: number }): void {
    this.#size -= chunk.waiting
    chunk.waiting = 0
    this.#compact()
  }

  #count(unit: Unit, change: 1 | -1): void {
    this.#size += change
    this.#chunks.get(unit.serial)!.waiting += change
  }

  #compact(): void {
    if (this.#returned.length + this.#fresh.length <= 2 * this.#size + SPARE_SLOTS) return
    const isWanted = (unit: Unit): boolean => this.#chunks.has(unit.serial)
    this.#returned = this.#returned.filter(isWanted)
    this.#fresh = this.#fresh.slice(this.#head).filter(isWanted)
    this.#head = 0
  }
}
