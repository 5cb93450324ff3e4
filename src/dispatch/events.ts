import type { WorkerDeath } from '../errors.ts'
import type { Mark } from '../protocol/mark.ts'
import type { FailureCause } from '../protocol/messages.ts'

/** Separate budgets of one item. `crash: 0` means at most once. */
export interface RetryBudgets {
  /** More attempts for an item that ended its worker. */
  readonly crash: number
  /** More attempts for an item whose task threw. */
  readonly error: number
  /** More attempts for an item that ran longer than `itemTimeoutMs`. */
  readonly timeout: number
}

export interface DispatchPolicy {
  readonly retries: RetryBudgets
  /** A worker that has answered this many items is replaced once its hands are empty. */
  readonly recycleAfterItems?: number | undefined
  readonly recycleMaxHeapMb?: number | undefined
}

export interface JobSpec {
  /** Chunks that may be pulled beyond the oldest one not consumed. */
  readonly window: number
  readonly ordered: boolean
  /** `false`: units are only added, never pulled (calls). */
  readonly pulls: boolean
  /** The last chunks may be divided among idle workers. */
  readonly splits: boolean
}

/** A piece of a chunk: `count` items from position `from` on. */
export interface Unit {
  readonly id: number
  readonly job: number
  readonly serial: number
  readonly from: number
  readonly count: number
  /** Where it began when it was sent; answers on the way move `from`. A worker's marks count from here. */
  readonly start: number
  readonly attempt: number
  /** An attempt of it ended with its worker: it travels alone, with every item marked. */
  readonly suspect: boolean
  readonly expectedMs: number | undefined
}

/** What happened. The dispatcher has no clock and does no I/O: everything it learns comes as one of these. */
export type DispatchEvent =
  | { readonly type: 'opened'; readonly job: number; readonly spec: JobSpec }
  | {
      readonly type: 'added'
      readonly job: number
      readonly serial: number
      readonly count: number
      readonly expectedMs?: number | undefined
      /** It is known to be the last one: the same as `ended`, and early enough to divide it among idle workers. */
      readonly last?: boolean
      /** A single item that cannot travel: it is settled at once and never sent. */
      readonly refused?: 'clone' | 'size'
    }
  | { readonly type: 'ended'; readonly job: number }
  | { readonly type: 'consumed'; readonly job: number; readonly serial: number }
  | { readonly type: 'cancelled'; readonly job: number; readonly serial?: number }
  | { readonly type: 'ready'; readonly worker: string }
  | ResultsEvent
  /**
   * The item at `offset`, as the worker's mark has it, takes too long: `MARK_UNKNOWN` when only the unit is known, or
   * when the unit was not even started. May be told again as long as it holds; the answer may be on its way.
   */
  | { readonly type: 'timedOut'; readonly worker: string; readonly unit: number; readonly offset: number }
  /** The deadline of an `abort` has passed. */
  | { readonly type: 'overdue'; readonly worker: string; readonly unit: number }
  /** The unit in work takes far longer than expected, so that nothing should wait behind it. */
  | { readonly type: 'stalled'; readonly worker: string; readonly unit: number }
  /** The worker is to leave, once it is through with what it has. */
  | { readonly type: 'retire'; readonly worker: string }
  | GoneEvent
  | { readonly type: 'closing' }

export interface ResultsEvent {
  readonly type: 'results'
  readonly worker: string
  readonly unit: number
  readonly attempt: number
  /** Items of the unit that earlier answers covered, as the worker counts: so an answer that comes twice is known. */
  readonly from?: number | undefined
  readonly count: number
  readonly last: boolean
  readonly failures: readonly { readonly offset: number; readonly cause: FailureCause }[]
  readonly heapMb: number
}

export interface GoneEvent {
  readonly type: 'gone'
  readonly worker: string
  readonly mark: Mark | undefined
  /** It broke the protocol while it held work: nothing it said of itself is to be believed, its mark included. */
  readonly broken?: boolean
  readonly death: WorkerDeath
}

export type RejectCause = FailureCause | 'crash' | 'timeout' | 'unknown'

export interface Rejection {
  readonly type: 'reject'
  readonly job: number
  readonly serial: number
  readonly index: number
  readonly cause: RejectCause
  readonly attempt: number
  readonly worker: string
  /** Position in the answer's failures, when a task or its value failed. */
  readonly failure?: number
  readonly deaths: readonly WorkerDeath[]
}

/** What to do about it, in this order. */
export type Instruction =
  | { readonly type: 'pull'; readonly job: number }
  | { readonly type: 'send'; readonly worker: string; readonly unit: Unit }
  /**
   * Items are settled with values: those of the answer's `run`th stretch between failures. `count` is 0 when no item
   * stands there; there can be values all the same, that belong to no single item.
   */
  | {
      readonly type: 'accept'
      readonly job: number
      readonly serial: number
      readonly from: number
      readonly count: number
      readonly run: number
    }
  | Rejection
  /**
   * Tell the worker that nobody waits for the unit, or that the time of the item at `offset` is up (`MARK_UNKNOWN`: of
   * whichever is in work; else another item must not be hit). `overdue` must follow after the caller's deadline for
   * `why`.
   */
  | {
      readonly type: 'abort'
      readonly worker: string
      readonly unit: number
      readonly why: 'timeout' | 'cancel'
      readonly offset: number
    }
  /** Ask for a unit that waits in the worker: handed back if it was not started, else worked on as ever. */
  | { readonly type: 'recall'; readonly worker: string; readonly unit: number }
  /** End the worker at once. */
  | { readonly type: 'end'; readonly worker: string }
  /** Let the worker end by itself: its hands are empty. */
  | { readonly type: 'stop'; readonly worker: string }
  /** The worker's seat is free. `explained`: an item, a time limit or we ourselves ended it. */
  | { readonly type: 'replace'; readonly worker: string; readonly explained: boolean }
