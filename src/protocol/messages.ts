import { type PackedValues, countPacked, isPacked } from '../codec/pack.ts'
import { isWireError } from './check-error.ts'
import { type Heartbeat, isHeartbeat } from './heartbeat.ts'
import type { IndexRange } from './indexed-spec.ts'
import { type FromLoop, type ToLoop, isFromLoop } from './loop-messages.ts'
import type { WireError } from './wire-error.ts'

/** What a stage does with the values it gets. `fold` is internal: its item is an array of partial results. */
export type StageKind = 'map' | 'filter' | 'flatMap' | 'mapChunks' | 'fold'

export interface Stage {
  readonly kind: StageKind
  readonly task: string
}

/** What is sent back of the values that leave the last stage. */
export type Sink =
  | { readonly kind: 'values' }
  | { readonly kind: 'count' }
  | { readonly kind: 'reduce'; readonly task: string }

/** What a worker does with a unit. */
export interface Program {
  readonly stages: readonly Stage[]
  readonly sink: Sink
}

/** One dispatchable piece of a chunk. `unit` and `attempt` come back with every answer; a mismatch is dropped. */
export interface UnitMessage {
  readonly kind: 'unit'
  readonly unit: number
  readonly attempt: number
  readonly program: Program
  readonly items: PackedValues
  /** The worker makes the items itself; then `items` is empty. */
  readonly range?: IndexRange
  /** Mark each item, not only the unit. */
  readonly marks: boolean
  /** Take the start time of each item, for `itemTimeoutMs`. */
  readonly timed: boolean
  /** Answer after every item: what has an answer is never in doubt when the worker dies. */
  readonly flush: boolean
}

/** Write your vitals, with this number, when your event loop comes to it. Not for the runtime: its side answers. */
export interface PingMessage {
  readonly kind: 'ping'
  readonly serial: number
}

/** Parent to worker. */
export type ToWorker =
  | UnitMessage
  /** Nobody waits for the unit any more; or, with `offset`, the time of that item is up and no other is meant. */
  | { readonly kind: 'abort'; readonly unit: number; readonly offset: number }
  /** Hand the unit back if it was not started. */
  | { readonly kind: 'recall'; readonly unit: number }
  /** Leave once nothing is in work. */
  | { readonly kind: 'stop' }
  | ToLoop
  | PingMessage

/** `source`: the worker could not make the item. `unreadable`: it could not read the source, from this item on. */
export type FailureCause = 'task' | 'clone' | 'size' | 'source' | 'unreadable'

const failureCauses: ReadonlySet<unknown> = new Set<FailureCause>(['task', 'clone', 'size', 'source', 'unreadable'])

/** One item that gave no value. */
export interface Failure {
  /** Position of the item in this answer. */
  readonly offset: number
  /** How many values of this answer come from items before it. */
  readonly at: number
  readonly cause: FailureCause
  readonly error: WireError
}

/** Answers the next `count` items of a unit. `last` ends the unit; items beyond it were not started. */
export interface ResultsMessage {
  readonly kind: 'results'
  readonly unit: number
  readonly attempt: number
  readonly count: number
  readonly last: boolean
  readonly values: PackedValues
  readonly failures: readonly Failure[]
  /** Time spent on these items. */
  readonly ms: number
  readonly heapMb: number
}

/** Worker to parent. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly tasks: readonly string[]; readonly version: string }
  | { readonly kind: 'startFailed'; readonly error: WireError }
  | ResultsMessage
  | FromLoop
  | { readonly kind: 'heartbeat'; readonly beat: Heartbeat }

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isFailure(value: unknown): value is Failure {
  if (typeof value !== 'object' || value === null) return false
  const { offset, at, cause, error } = value as Partial<Failure>
  if (!isCount(offset) || !isCount(at) || !isWireError(error)) return false
  return failureCauses.has(cause)
}

/** Each item at most once, in order, and inside the answer; values only where there are items that can have given them. */
function areFailures(failures: readonly unknown[], count: number, values: number): boolean {
  let next = 0
  let at = 0
  for (const failure of failures) {
    if (!isFailure(failure) || failure.offset < next || failure.offset >= count) return false
    if (failure.at < at || failure.at > values || (failure.offset === next && failure.at > at)) return false
    next = failure.offset + 1
    at = failure.at
  }
  return next < count || at === values
}

/** A few bytes can make an empty array of any length; going through it would take minutes. */
const SUSPICIOUS_LENGTH = 1_000_000

function areValues(values: unknown): values is PackedValues {
  if (!Array.isArray(values)) return isPacked(values)
  return values.length <= SUSPICIOUS_LENGTH || Object.keys(values).length >= values.length
}

function isResults(message: Omit<Partial<ResultsMessage>, 'kind'>): boolean {
  const { unit, attempt, count, last, values, failures, ms, heapMb } = message
  if (!isCount(unit) || !isCount(attempt) || !isCount(count) || typeof last !== 'boolean') return false
  if (!areValues(values) || !Array.isArray(failures)) return false
  if (!areFailures(failures, count, countPacked(values))) return false
  return typeof ms === 'number' && ms >= 0 && typeof heapMb === 'number'
}

/**
 * Checks what came from a worker, which may be broken or hostile.
 * Reads own keys only, so a key named `__proto__` has no say.
 */
export function isFromWorker(value: unknown): value is FromWorker {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'kind')) return false
  const message = value as Omit<Partial<ResultsMessage>, 'kind'> & { kind?: unknown; tasks?: unknown }
  switch (message.kind) {
    case 'ready':
      return Array.isArray(message.tasks) && message.tasks.every((name) => typeof name === 'string')
    case 'startFailed':
      return Object.hasOwn(value, 'error') && isWireError((value as { error: unknown }).error)
    case 'results':
      return isResults(message)
    case 'heartbeat':
      return Object.hasOwn(value, 'beat') && isHeartbeat((value as { beat: unknown }).beat)
    default:
      return isFromLoop(value)
  }
}
