import type { EisenmpError } from '../errors.ts'
import type { Rejection } from '../dispatch/events.ts'
import type { IndexRange } from '../protocol/indexed-spec.ts'
import type { Program } from '../protocol/messages.ts'
import type { WireError } from '../protocol/wire-error.ts'

/** What a worker is to do, with which items: those that are sent along, or those that it makes itself. */
export interface Described {
  readonly program: Program
  readonly items: readonly unknown[]
  readonly range?: IndexRange
}

/** What the pool needs of a stream, or of all single calls together, to carry out the dispatcher's instructions. */
export interface Job {
  readonly id: number
  /** The dispatcher asks for one more chunk. */
  pull(): void
  /** Items of a unit, and what to do with them; `undefined` when its user has left since it was given out. */
  describe(serial: number, from: number, count: number): Described | undefined
  accept(serial: number, from: number, count: number, values: readonly unknown[]): void
  reject(rejection: Rejection, error: WireError | undefined): void
  /** Time the worker took, for sizing chunks. */
  observe(serial: number, count: number, ms: number): void
  /** A worker is free. */
  nudge(): void
  /** No more is pulled; what is in work may end, then comes `error`. Without one nothing comes: the program exits. */
  drain(error: EisenmpError | undefined): void
  /** Ends at once. */
  fail(error: unknown): void
  /** Nothing is left that its user has not taken. */
  readonly isTaken: boolean
}
