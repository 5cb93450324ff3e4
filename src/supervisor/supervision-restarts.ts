import { RestartPolicy } from './restart-policy.ts'
import type { Exit, SupervisionRules } from './supervision-types.ts'

/** So long ready, and what was before is forgotten. */
const HEALTHY_MS = 30_000
const SPREAD = [0.8, 1.2] as const

/** When it is, and a number from 0 to 1. */
export interface Moment {
  readonly nowMs: number
  readonly random: number
}

export interface Crash extends Exit {
  /** `undefined`: it did not get ready. */
  readonly readyForMs: number | undefined
}

export type Verdict =
  | { readonly kind: 'start'; readonly afterMs: number }
  /** It was to end some day. */
  | { readonly kind: 'end' }
  | { readonly kind: 'give-up'; readonly reason: string; readonly error: unknown }

/**
 * What is to be done about a seat whose worker has ended.
 *
 * As long as no worker of the seat has ever been ready, a failed start is the last: the next would meet the same module
 * and the same port. Only after a signal there is another, since it may have come from outside. A seat that has had a
 * ready worker is filled again: at once, then later and later, until there were too many crashes within the time.
 */
export class SeatRestarts {
  readonly #rules: SupervisionRules['restart']
  #policy: RestartPolicy
  #inRow = 0
  #isProven = false
  #error: unknown

  constructor(rules: SupervisionRules['restart']) {
    this.#rules = rules
    this.#policy = this.#createPolicy()
  }

  #createPolicy(): RestartPolicy {
    return new RestartPolicy(this.#rules, { ...this.#rules.backoff, spread: SPREAD })
  }

  /** A worker has got ready. */
  prove(): void {
    this.#isProven = true
  }

  /** Forgets all that was. */
  reset(): void {
    this.#policy = this.#createPolicy()
    this.#inRow = 0
    this.#isProven = false
    this.#error = undefined
  }

  judge(crash: Crash, { nowMs, random }: Moment): Verdict {
    const { max, withinMs } = this.#rules
    if (this.#isEnd(crash)) return { kind: 'end' }
    if ((crash.readyForMs ?? 0) >= HEALTHY_MS) {
      this.#inRow = 0
      this.#error = undefined
    }
    // What the worker said first is worth more than what the system says of the signal that ended the last.
    this.#error = crash.error ?? this.#error
    if (this.#isHopeless(crash)) return this.#giveUp(`it did not get ready: ${crash.reason}`)
    if (!this.#policy.admit(nowMs))
      return this.#giveUp(`it ended more than ${max} times within ${withinMs} ms, the last time: ${crash.reason}`)
    return { kind: 'start', afterMs: this.delayMs(this.#inRow++, random) }
  }

  #isEnd({ readyForMs, isRegular }: Crash): boolean {
    const { policy } = this.#rules
    return readyForMs !== undefined && (policy === 'temporary' || (policy === 'transient' && isRegular))
  }

  #isHopeless({ readyForMs, bySignal }: Crash): boolean {
    if (readyForMs !== undefined) return false
    return this.#rules.policy === 'temporary' || (!this.#isProven && bySignal !== true)
  }

  #giveUp(reason: string): Verdict {
    return { kind: 'give-up', reason, error: this.#error }
  }

  /** Wait after so many failures in a row. */
  delayMs(failures: number, random: number): number {
    return this.#policy.delayMs(failures, random)
  }
}
