import type { Ticket } from '../errors.ts'
import type { Deal, Effect, Entry, Parcel, Party } from './effects.ts'
import { OpenTickets } from './open-tickets.ts'
import { QueueState, type QueueTraits } from './queue-state.ts'

/** How often a chunk may come back before it is given up. */
export interface BrokerBudgets {
  readonly crash: number
  readonly error: number
}

interface Lease<Payload> {
  readonly entry: Entry<Payload>
  readonly worker: string
}

/**
 * All queues of a pool: who gets which chunk, who waits, and what becomes of what a dead worker held.
 *
 * A chunk that was taken is leased: it is gone for good only when the call that took it has ended well, and what that
 * call put and closed takes effect with that, all at once. Pure: what is to be done comes back as a list of effects.
 */
export class Broker<Payload> {
  readonly queues: readonly QueueState<Payload>[]
  readonly #budgets: BrokerBudgets
  readonly #leases = new Map<number, Lease<Payload>>()
  readonly #tickets = new OpenTickets()
  #nextLease = 1
  #effects: Effect<Payload>[] = []

  constructor(traits: readonly QueueTraits[], budgets: BrokerBudgets) {
    this.queues = traits.map((each, id) => new QueueState<Payload>(id, each))
    this.#budgets = budgets
  }

  /** Chunks in all queues, waiting or leased. */
  get open(): number {
    return this.#tickets.size
  }

  leasesOf(worker: string): Entry<Payload>[] {
    return [...this.#leases.values()].filter((lease) => lease.worker === worker).map(({ entry }) => entry)
  }

  find(lease: number): Entry<Payload> | undefined {
    return this.#leases.get(lease)?.entry
  }

  /** Puts one chunk; `admitted` tells when it has found room. */
  put(party: Party, parcel: Parcel<Payload>): Effect<Payload>[] {
    if (this.queues[parcel.queue]!.isClosed) this.#effects.push({ type: 'refused', to: party, queue: parcel.queue })
    else this.#enter(party, parcel)
    return this.#flush()
  }

  /** Asks for the next chunk; outside of a loop nothing is leased, since nobody would say when it is done. */
  take(party: Party, queue: number, isLeased: boolean): Effect<Payload>[] {
    const state = this.queues[queue]!
    state.takers.push({ party, isLeased })
    this.#pump(state)
    return this.#flush()
  }

  /**
   * A call has ended well: what it took is done, what it put goes in, what it closed is closed, or nothing of all that
   * when a queue that it put into is closed. `admitted` comes once for each chunk that was put.
   */
  settle(party: Party, deal: Deal<Payload>): Effect<Payload>[] {
    const closed = deal.puts.find(({ queue }) => this.queues[queue]!.isClosed)
    if (closed !== undefined) {
      this.#effects.push({ type: 'refused', to: party, queue: closed.queue })
      return this.#flush()
    }
    // Tickets that are handed on MUST NOT be settled in between.
    for (const parcel of deal.puts) this.#enter(party, parcel)
    for (const lease of deal.acks) this.#acknowledge(party.worker, lease)
    for (const queue of deal.closes) this.#close(this.queues[queue]!, undefined)
    return this.#flush()
  }

  /** Gives chunks back that were taken and not touched. */
  giveBack(worker: string, leases: readonly number[]): Effect<Payload>[] {
    for (const id of leases) this.#restore(worker, id)
    return this.#flush()
  }

  /** A call that held these chunks has thrown: they are tried again, or given up. */
  fail(worker: string, leases: readonly number[]): Effect<Payload>[] {
    for (const id of leases) {
      const lease = this.#leases.get(id)
      if (lease === undefined || lease.worker !== worker) continue
      lease.entry.errors += 1
      if (lease.entry.errors > this.#budgets.error) this.#giveUp(id, lease, 'error')
      else this.#restore(worker, id)
    }
    return this.#flush()
  }

  /** A worker is gone: what it held goes back to where it was, unless it has killed too many. */
  bury(worker: string, isCharged: boolean): Effect<Payload>[] {
    for (const { takers } of this.queues) takers.remove(({ party }) => party.worker === worker)
    for (const [id, lease] of [...this.#leases]) {
      if (lease.worker !== worker) continue
      if (isCharged) lease.entry.crashes += 1
      if (lease.entry.crashes > this.#budgets.crash) this.#giveUp(id, lease, 'crash')
      else this.#restore(worker, id)
    }
    return this.#flush()
  }

  /** Nothing more goes in; what is in it, and what already waits to get in, still comes out. */
  close(queue: number, error?: unknown): Effect<Payload>[] {
    this.#close(this.queues[queue]!, error)
    return this.#flush()
  }

  #flush(): Effect<Payload>[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  #enter(party: Party, { queue, payload, ticket }: Parcel<Payload>): void {
    const state = this.queues[queue]!
    const own: Ticket = ticket ?? Object.freeze({ queue: state.fullName, serial: state.nextSerial++ })
    this.#tickets.open(own)
    const entry = { queue, place: state.nextPlace++, ticket: own, payload, crashes: 0, errors: 0, hasReturned: false }
    state.putters.push({ party, entry })
    this.#pump(state)
  }

  /** Whoever came first gets the first chunk, and the first that waits for room gets the room. */
  #pump(state: QueueState<Payload>): void {
    for (;;) {
      if (state.putters.length > 0 && !state.isFull) {
        const { party, entry } = state.putters.shift()!
        state.entries.push(entry)
        this.#effects.push({ type: 'admitted', to: party })
      } else if (state.entries.length > 0 && state.takers.length > 0) this.#give(state)
      else break
    }
    if (!state.isDrained) return
    for (let taker = state.takers.shift(); taker !== undefined; taker = state.takers.shift()) {
      this.#effects.push({ type: 'closed', to: taker.party, queue: state.id, error: state.error })
    }
  }

  #give(state: QueueState<Payload>): void {
    const entry = state.entries.shift()!
    const { party, isLeased } = state.takers.shift()!
    let lease = 0
    if (isLeased) {
      lease = this.#nextLease++
      this.#leases.set(lease, { entry, worker: party.worker })
      state.leased += 1
    }
    this.#effects.push({ type: 'give', to: party, entry, lease })
    if (!isLeased) this.#closeTicket(entry)
  }

  #acknowledge(worker: string, id: number): void {
    const entry = this.#release(worker, id)
    if (entry !== undefined) this.#closeTicket(entry)
  }

  #release(worker: string, id: number): Entry<Payload> | undefined {
    const lease = this.#leases.get(id)
    // A worker can only speak for what it holds.
    if (lease === undefined || lease.worker !== worker) return undefined
    this.#leases.delete(id)
    this.queues[lease.entry.queue]!.leased -= 1
    return lease.entry
  }

  #restore(worker: string, id: number): void {
    const entry = this.#release(worker, id)
    if (entry === undefined) return
    entry.hasReturned = true
    const state = this.queues[entry.queue]!
    state.entries.insert(entry, (other) => other.place > entry.place)
    this.#pump(state)
  }

  #giveUp(id: number, { entry, worker }: Lease<Payload>, why: 'crash' | 'error'): void {
    this.#release(worker, id)
    this.#effects.push({ type: 'dead', entry, lease: id, why })
    this.#closeTicket(entry)
  }

  #closeTicket({ ticket }: Entry<Payload>): void {
    if (this.#tickets.close(ticket)) this.#effects.push({ type: 'settled', ticket })
  }

  #close(state: QueueState<Payload>, error: unknown): void {
    if (state.isClosed) return
    state.isClosed = true
    state.error = error
    this.#pump(state)
  }
}
