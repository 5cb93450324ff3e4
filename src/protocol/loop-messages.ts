import { type PackedValues, isPacked } from '../codec/pack.ts'
import type { Ticket } from '../errors.ts'
import { isWireError } from './check-error.ts'
import type { WireError } from './wire-error.ts'

/** A chunk as it is put into a queue. */
export interface PutParcel {
  readonly queue: number
  readonly items: PackedValues
  /** Carried on from another chunk; else the queue gives the next one. */
  readonly ticket?: Ticket | undefined
}

/** Results, each with the ticket of the chunk that it answers. */
export interface Emitted {
  readonly values: PackedValues
  readonly tickets: readonly (Ticket | undefined)[]
}

/** Parent to worker. */
export type ToLoop =
  /** Call the task again and again. */
  | { readonly kind: 'loop'; readonly loop: number; readonly task: string }
  /** Do not call it again; what is in work is told by its signal. */
  | { readonly kind: 'endLoop'; readonly loop: number }
  /** Answers `take`. */
  | {
      readonly kind: 'taken'
      readonly request: number
      readonly size: number
      readonly chunk?: { readonly lease: number; readonly ticket: Ticket; readonly items: PackedValues }
      /** Why there will never be another one, if that is an error. */
      readonly error?: WireError
    }
  /** Answers `put` and `turn`. */
  | { readonly kind: 'done'; readonly request: number; readonly closedQueue?: number; readonly isRefused?: boolean }

export interface TurnMessage {
  readonly kind: 'turn'
  /** 0 for what happens outside of a loop. */
  readonly loop: number
  readonly request: number
  readonly acks: readonly number[]
  /** Taken and not touched. */
  readonly returns: readonly number[]
  readonly puts: readonly PutParcel[]
  readonly closes: readonly number[]
  readonly emitted: Emitted
  /** Items done, for progress. */
  readonly items: number
  /** The call has thrown: then there are no other parts but the leases. */
  readonly error?: WireError
  /** The loop has ended in this worker. */
  readonly ended: boolean
}

/** Worker to parent. */
export type FromLoop =
  | {
      readonly kind: 'take'
      readonly request: number
      readonly queue: number
      readonly loop: number
      /** Answer at once, with no chunk if there is none. */
      readonly isTry: boolean
    }
  | (PutParcel & { readonly kind: 'put'; readonly request: number; readonly isTry: boolean })
  | TurnMessage
  | { readonly kind: 'print'; readonly level: PrintLevel; readonly text: string }

export type PrintLevel = 'print' | 'debug' | 'info' | 'warn' | 'error'

const levels: ReadonlySet<unknown> = new Set<PrintLevel>(['print', 'debug', 'info', 'warn', 'error'])

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

export function isTicket(value: unknown): value is Ticket {
  if (typeof value !== 'object' || value === null) return false
  const { queue, serial } = value as Partial<Ticket>
  return typeof queue === 'string' && isCount(serial)
}

function areValues(value: unknown): value is PackedValues {
  return Array.isArray(value) || isPacked(value)
}

function isParcel(value: unknown): value is PutParcel {
  if (typeof value !== 'object' || value === null) return false
  const { queue, items, ticket } = value as Partial<PutParcel>
  return isCount(queue) && areValues(items) && (ticket === undefined || isTicket(ticket))
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount)
}

function isEmitted(value: unknown): value is Emitted {
  if (typeof value !== 'object' || value === null) return false
  const { values, tickets } = value as Partial<Emitted>
  return (
    areValues(values) && Array.isArray(tickets) && tickets.every((ticket) => ticket === undefined || isTicket(ticket))
  )
}

function isTurn(message: Partial<TurnMessage>): boolean {
  const { loop, request, acks, returns, puts, closes, emitted, items, error, ended } = message
  if (!isCount(loop) || !isCount(request) || typeof ended !== 'boolean') return false
  if (!areCounts(acks) || !areCounts(returns) || !areCounts(closes)) return false
  if (!Array.isArray(puts) || !puts.every(isParcel) || !isEmitted(emitted)) return false
  return typeof items === 'number' && (error === undefined || isWireError(error))
}

/** Checks what a worker says of its loops and queues. MUST get an object with an own `kind`. */
export function isFromLoop(message: { readonly kind?: unknown }): message is FromLoop {
  const { request, queue, loop, isTry, level, text } = message as Record<string, unknown>
  switch (message.kind) {
    case 'take':
      return isCount(request) && isCount(queue) && isCount(loop) && typeof isTry === 'boolean'
    case 'put':
      return isCount(request) && typeof isTry === 'boolean' && isParcel(message)
    case 'turn':
      return isTurn(message as Partial<TurnMessage>)
    case 'print':
      return levels.has(level) && typeof text === 'string'
    default:
      return false
  }
}
