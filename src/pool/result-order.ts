import type { Result } from './results.ts'

/** Gives results of each queue in the order of their tickets. */
export class ResultOrder {
  readonly #settledBelow: (queue: string) => number
  readonly #waiting = new Map<string, Map<number, Result[]>>()
  readonly #next = new Map<string, number>()
  readonly #free: Result[] = []

  /** @param settledBelow - All tickets of the queue below this serial number are through. */
  constructor(settledBelow: (queue: string) => number) {
    this.#settledBelow = settledBelow
  }

  add(result: Result): void {
    const { ticket } = result
    // One that was answered once more after it was through can only come late.
    if (ticket === undefined || ticket.serial < (this.#next.get(ticket.queue) ?? 0)) {
      this.#free.push(result)
      return
    }
    let serials = this.#waiting.get(ticket.queue)
    if (serials === undefined) this.#waiting.set(ticket.queue, (serials = new Map()))
    const results = serials.get(ticket.serial)
    if (results === undefined) serials.set(ticket.serial, [result])
    else results.push(result)
  }

  /** The next result that no other can come before; with `isOver`, nothing more comes at all. */
  next(isOver: boolean): Result | undefined {
    const free = this.#free.shift()
    if (free !== undefined) return free
    for (const [queue, serials] of this.#waiting) {
      const result = this.#nextOf(queue, serials, isOver)
      if (result !== undefined) return result
    }
    return undefined
  }

  #nextOf(queue: string, serials: Map<number, Result[]>, isOver: boolean): Result | undefined {
    if (serials.size === 0) return undefined
    const settled = this.#settledBelow(queue)
    // Those that are through and gave nothing are stepped over.
    let serial = this.#next.get(queue) ?? 0
    while (serial < settled && !serials.has(serial)) serial += 1
    this.#next.set(queue, serial)
    if (serials.has(serial)) return serial <= settled || isOver ? take(serials, serial) : undefined
    // Nothing closes the gap any more.
    return isOver ? take(serials, findLeast(serials)) : undefined
  }

  /** All that was not given out. */
  drain(): Result[] {
    return [...this.#free, ...[...this.#waiting.values()].flatMap((serials) => [...serials.values()].flat())]
  }
}

function findLeast(serials: ReadonlyMap<number, unknown>): number {
  let least = Infinity
  for (const serial of serials.keys()) if (serial < least) least = serial
  return least
}

function take(serials: Map<number, Result[]>, serial: number): Result | undefined {
  const results = serials.get(serial)
  const result = results?.shift()
  if (results?.length === 0) serials.delete(serial)
  return result
}
