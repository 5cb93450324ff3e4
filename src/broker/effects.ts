import type { Ticket } from '../errors.ts'

/** Whoever waits: a worker's id, or '' for the program itself; `request` is the waiter's own number for it. */
export interface Party {
  readonly worker: string
  readonly request: number
}

/** A chunk on its way through a queue. */
export interface Entry<Payload> {
  readonly queue: number
  /** Its place in its queue, from 0: what comes back goes to where it was. */
  readonly place: number
  readonly ticket: Ticket
  readonly payload: Payload
  /** Workers that have died while they held it. */
  crashes: number
  /** It was taken before, and has come back. */
  hasReturned: boolean
  /** Calls that have thrown while they held it. */
  errors: number
}

/** What is put: without a ticket it gets the next one of its queue. */
export interface Parcel<Payload> {
  readonly queue: number
  readonly payload: Payload
  readonly ticket?: Ticket | undefined
}

/** What one call of a loop did, to be done as one. */
export interface Deal<Payload> {
  /** Leases of chunks that it is through with. */
  readonly acks: readonly number[]
  readonly puts: readonly Parcel<Payload>[]
  readonly closes: readonly number[]
}

/** What the broker wants done. */
export type Effect<Payload> =
  /** The chunk is the party's; a lease of 0 asks for no answer. */
  | { readonly type: 'give'; readonly to: Party; readonly entry: Entry<Payload>; readonly lease: number }
  /** Nothing will come out of the queue any more. */
  | { readonly type: 'closed'; readonly to: Party; readonly queue: number; readonly error: unknown }
  /** One chunk of the party's has found room. */
  | { readonly type: 'admitted'; readonly to: Party }
  /** The queue takes nothing more: nothing of this was done. */
  | { readonly type: 'refused'; readonly to: Party; readonly queue: number }
  /** The chunk is given up. */
  | { readonly type: 'dead'; readonly entry: Entry<Payload>; readonly lease: number; readonly why: 'crash' | 'error' }
  /** No chunk with this ticket is on its way any more. */
  | { readonly type: 'settled'; readonly ticket: Ticket }
