import type { Ticket } from '../errors.ts'

/** Counts the chunks that carry each ticket: a chunk may hand its ticket on to others. */
export class OpenTickets {
  readonly #counts = new Map<string, Map<number, number>>()

  open({ queue, serial }: Ticket): void {
    let serials = this.#counts.get(queue)
    if (serials === undefined) this.#counts.set(queue, (serials = new Map()))
    serials.set(serial, (serials.get(serial) ?? 0) + 1)
  }

  /** `true` when that was the last one. */
  close({ queue, serial }: Ticket): boolean {
    const serials = this.#counts.get(queue)
    const count = serials?.get(serial)
    if (serials === undefined || count === undefined) return false
    if (count > 1) serials.set(serial, count - 1)
    else serials.delete(serial)
    return count === 1
  }

  get size(): number {
    let size = 0
    for (const serials of this.#counts.values()) size += serials.size
    return size
  }
}
