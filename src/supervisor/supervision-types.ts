/** Whether a worker that has ended is started again, in Erlang's words. */
export type RestartMode = 'permanent' | 'transient' | 'temporary'

/** Rules of a supervised set of workers; times in ms. */
export interface SupervisionRules {
  readonly restart: {
    /** `permanent`: always. `transient`: after a crash only. `temporary`: never. */
    readonly policy: RestartMode
    readonly backoff: { readonly firstMs: number; readonly maxMs: number }
    /** More crashes than this within `withinMs`: the seat gives up. */
    readonly max: number
    readonly withinMs: number
  }
  /** For a worker to get ready. */
  readonly startTimeoutMs: number
  /** For a worker to end after it was told to drain. */
  readonly killAfterMs: number
}

/** One life of the worker of a seat. */
export interface Life {
  readonly seat: number
  readonly generation: number
}

/** How a life has ended. */
export interface Exit {
  readonly reason: string
  /** It has left by itself, without an error. */
  readonly isRegular: boolean
  readonly error?: unknown
  /** A signal from outside has ended it: nothing that its next life must meet again. */
  readonly bySignal?: boolean | undefined
}

/** What has happened. */
export type SupervisionEvent =
  | { readonly kind: 'open' }
  | ({ readonly kind: 'ready' } & Life)
  /** It drains by itself, after an uncaught error: its successor is started at once. */
  | ({ readonly kind: 'failing'; readonly reason: string; readonly error?: unknown } & Life)
  /**
   * To be replaced before it is ended; killed, not drained, when its event loop is blocked. Means nothing while another
   * worker of the group is being replaced, so it is said again with every beat as long as it is true.
   */
  | ({ readonly kind: 'unhealthy'; readonly reason: string; readonly isBlocked: boolean } & Life)
  | ({ readonly kind: 'gone' } & Exit & Life)
  /** A timer that an instruction has set has run out. */
  | { readonly kind: 'timer'; readonly timer: string }
  /**
   * Replaces all lives of now, one seat after the other; a life that has started later is new enough. Several may be asked
   * for; they run one after another.
   */
  | { readonly kind: 'reload'; readonly id: number }
  /** The seat is not needed any more: drain it and start nobody. `retired` follows, also when it is empty already, unless it is revived before. */
  | { readonly kind: 'retire'; readonly seat: number }
  /** A retired seat, or one that has given up, starts again. */
  | { readonly kind: 'revive'; readonly seat: number }
  /** Drain all. */
  | { readonly kind: 'close' }
  /** Kill all. */
  | { readonly kind: 'destroy' }

/** What is to be done, in this order. */
export type SupervisionInstruction =
  /** `replaces`: the life that is still serving until this one is ready. */
  | ({ readonly kind: 'start'; readonly replaces: number | undefined } & Life)
  | ({ readonly kind: 'drain'; readonly reason: string } & Life)
  | ({ readonly kind: 'kill'; readonly reason: string } & Life)
  | { readonly kind: 'set-timer'; readonly timer: string; readonly afterMs: number }
  | { readonly kind: 'clear-timer'; readonly timer: string }
  /** Every seat has a ready worker, for the first time. */
  | { readonly kind: 'up' }
  /** A seat has given up; at the start of all this means that the start has failed. */
  | { readonly kind: 'gave-up'; readonly seat: number; readonly reason: string; readonly error: unknown }
  | {
      readonly kind: 'reloaded'
      readonly id: number
      readonly replaced: number
      /** Set when a successor did not get ready: the old worker stays, and the rest is not replaced. */
      readonly failed: { readonly seat: number; readonly reason: string; readonly error: unknown } | undefined
    }
  | { readonly kind: 'retired'; readonly seat: number }
  /** Nothing runs any more. */
  | { readonly kind: 'closed' }

/** State of a seat, for statistics. */
export interface SeatView {
  readonly seat: number
  readonly state: 'starting' | 'ready' | 'replacing' | 'draining' | 'backoff' | 'failed' | 'retired' | 'ended'
  /** The life that serves, or the newest. */
  readonly generation: number
  readonly restarts: number
  readonly lastExit: string | undefined
}
