import type { Vitals } from '../protocol/vitals.ts'

/** How a worker's event loop is getting on. */
export interface LoopReading {
  readonly lagMs: number | undefined
  readonly utilization: number | undefined
}

/**
 * Measures the event loop of one worker without a timer: each reading asks the worker, and tells how long it took to come
 * to the question before, or how long that has waited by now. At most one question is on the way.
 */
export class LoopGauge {
  #sent = 0
  #sentAtMs = 0
  #lagMs: number | undefined
  #utilization: number | undefined
  #last: Vitals | undefined

  read(vitals: Vitals | undefined, nowMs: number, ask: (serial: number) => void): LoopReading {
    if (vitals === undefined) return { lagMs: undefined, utilization: undefined }
    const isAnswered = vitals.answered === this.#sent
    if (isAnswered) this.#learn(vitals)
    const waitedMs = isAnswered ? 0 : Math.max(0, nowMs - this.#sentAtMs)
    // A question that waits says more than the last answer only when it has waited longer.
    const lagMs = isAnswered ? this.#lagMs : Math.max(waitedMs, this.#lagMs ?? 0)
    if (isAnswered) {
      this.#sent += 1
      this.#sentAtMs = nowMs
      ask(this.#sent)
    }
    return { lagMs, utilization: this.#utilization }
  }

  #learn(vitals: Vitals): void {
    const lagMs = vitals.answeredAtMs - this.#sentAtMs
    // What a worker has written may be anything.
    if (this.#sent > 0 && Number.isFinite(lagMs)) this.#lagMs = Math.max(0, lagMs)
    if (this.#last !== undefined) {
      const active = vitals.activeMs - this.#last.activeMs
      const whole = active + vitals.idleMs - this.#last.idleMs
      if (whole > 0) this.#utilization = Math.min(1, Math.max(0, active / whole))
    }
    this.#last = vitals
  }
}
