/**
 * Counts that must agree. Items: `pulled = ok + failed + in flight`. Attempts, once nothing is held by a worker:
 * `attempts = ok + errors + crashes + timeouts + staleResults`.
 */
export interface Books {
  /** Items that entered the pool. */
  pulled: number
  /** Items settled with a value. */
  ok: number
  /** Items settled with an error, the cancelled ones included. */
  failed: number
  /** Items that nobody waited for any more. */
  cancelled: number
  /** Sendings of an item to a worker. */
  attempts: number
  /** Attempts that the task, or its value, ended. */
  errors: number
  /** Attempts that ended with their worker. */
  crashes: number
  /** Attempts that a time limit ended. */
  timeouts: number
  /** Attempts whose outcome nobody waited for. */
  staleResults: number
  /** Items in answers to attempts that had ended otherwise before. Dropped, so they are in no sum. */
  lateResults: number
}

export function createBooks(): Books {
  return {
    pulled: 0,
    ok: 0,
    failed: 0,
    cancelled: 0,
    attempts: 0,
    errors: 0,
    crashes: 0,
    timeouts: 0,
    staleResults: 0,
    lateResults: 0,
  }
}
