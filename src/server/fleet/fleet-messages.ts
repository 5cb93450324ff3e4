import type { WireError } from '../../protocol/wire-error.ts'

/** What becomes of values that come faster than they are read. */
export type StreamPolicy = 'wait' | 'drop-oldest' | 'latest'

/** One reader of a channel of an instance; `id` is unique in the fleet. */
export interface ReaderSpec {
  readonly id: number
  readonly channel: string
  readonly policy: StreamPolicy
  /** Values that wait on either side; also how many may be on the way unasked. */
  readonly capacity: number
}

/** Body of a `custom` message to a fleet's worker. Instances and calls are named by numbers that are never used again. */
export type ToFleetWorker =
  | {
      readonly kind: 'create'
      readonly instance: number
      readonly name: string
      readonly input: unknown
      /** Of the life before, so that nothing that is emitted from the start on is missed. */
      readonly readers: readonly ReaderSpec[]
    }
  | {
      readonly kind: 'call'
      readonly instance: number
      readonly call: number
      readonly method: string
      readonly args: readonly unknown[]
    }
  /** Nobody waits for the call any more: it is not begun, or its signal aborts. An answer comes all the same. */
  | { readonly kind: 'cancel'; readonly instance: number; readonly call: number }
  | { readonly kind: 'stop'; readonly instance: number }
  | { readonly kind: 'subscribe'; readonly instance: number; readonly reader: ReaderSpec }
  | { readonly kind: 'unsubscribe'; readonly instance: number; readonly reader: number }
  /** So many more values may be sent to the reader. */
  | { readonly kind: 'credit'; readonly instance: number; readonly reader: number; readonly count: number }

/** Why a call has no result. `ended`: it was not run, since the instance is being stopped. */
export type CallFailure = 'thrown' | 'unknown' | 'clone' | 'size' | 'cancelled' | 'ended'

/** Body of a `custom` message from a fleet's worker. */
export type FromFleetWorker =
  | { readonly kind: 'created'; readonly instance: number }
  /** Its constructor or its `start()` threw; there is no such instance. */
  | { readonly kind: 'refused'; readonly instance: number; readonly error: WireError }
  | { readonly kind: 'result'; readonly call: number; readonly value: unknown }
  | {
      readonly kind: 'failed'
      readonly call: number
      readonly why: CallFailure
      readonly error: WireError
    }
  /** `late`: its `stop()` has not ended in time, and may still be at it. */
  | {
      readonly kind: 'stopped'
      readonly instance: number
      readonly error?: WireError | undefined
      readonly isLate?: boolean
    }
  /** `dropped`: values that this worker has dropped for the reader, in all. */
  | { readonly kind: 'value'; readonly reader: number; readonly value: unknown; readonly dropped: number }
