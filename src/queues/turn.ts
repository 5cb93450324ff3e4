import type { Ticket } from '../errors.ts'
import { readClock } from '../internal/clock.ts'
import type { PutParcel, TurnMessage } from '../protocol/loop-messages.ts'

/** What one call of a loop holds and has done, until both are told to the parent in one message. */
export class Turn {
  readonly loop: number
  /** The call has ended: what it asked for and still gets is given back. */
  isOver = false
  /** Of the chunk that was taken last. */
  ticket: Ticket | undefined
  readonly sinceMs: number = readClock()
  #held: { readonly lease: number; readonly queue: number }[] = []
  #puts: PutParcel[] = []
  #closes: number[] = []
  #values: unknown[] = []
  #tickets: (Ticket | undefined)[] = []
  #items = 0

  constructor(loop: number) {
    this.loop = loop
  }

  /** While it holds nothing, nothing can be done twice. */
  get holdsChunks(): boolean {
    return this.#held.length > 0
  }

  get hasEffects(): boolean {
    return this.#puts.length + this.#closes.length + this.#values.length + this.#items > 0
  }

  get isEmpty(): boolean {
    return !this.holdsChunks && !this.hasEffects
  }

  hold(lease: number, queue: number, ticket: Ticket): void {
    this.#held.push({ lease, queue })
    this.ticket = ticket
  }

  put(parcel: PutParcel): void {
    this.#puts.push(parcel)
  }

  close(queue: number): void {
    this.#closes.push(queue)
  }

  emit(value: unknown, ticket: Ticket | undefined): void {
    this.#values.push(value)
    this.#tickets.push(ticket)
  }

  count(items: number): void {
    this.#items += items
  }

  /** Takes on from a queue after it has done something with what came before: that is finished. */
  mustSettleBefore(queue: number): boolean {
    return this.hasEffects && this.#held.some((held) => held.queue === queue)
  }

  /** All that is to be told; the turn begins anew. */
  cut(pack: (values: readonly unknown[]) => TurnMessage['emitted']['values']): Omit<TurnMessage, 'request' | 'ended'> {
    const message = {
      kind: 'turn' as const,
      loop: this.loop,
      acks: this.#held.map(({ lease }) => lease),
      returns: [],
      puts: this.#puts,
      closes: this.#closes,
      emitted: { values: pack(this.#values), tickets: this.#tickets },
      items: this.#items,
    }
    this.#clear()
    return message
  }

  /** The call has thrown: what it did is forgotten, and its leases say what it was at. */
  drop(): number[] {
    const leases = this.#held.map(({ lease }) => lease)
    this.#clear()
    return leases
  }

  #clear(): void {
    this.#held = []
    this.#puts = []
    this.#closes = []
    this.#values = []
    this.#tickets = []
    this.#items = 0
  }
}
