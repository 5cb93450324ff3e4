const FIRST_DELAY_MS = 50
const MAX_DELAY_MS = 5_000

/**
 * Decides whether and when a dead worker is replaced. Pure: time and chance are given.
 *
 * Unexplained deaths and failed starts count against a limit within a sliding time; the first failed start waits about
 * 50 ms, each further one in a row twice as long, up to 5 s, with jitter so that seats do not start in step.
 */
export class RestartPolicy {
  readonly #max: number
  readonly #withinMs: number
  #deaths: number[] = []

  constructor(limit: { readonly max: number; readonly withinMs: number }) {
    this.#max = limit.max
    this.#withinMs = limit.withinMs
  }

  /** Counts an unexplained death. `false`: there were too many, give up. */
  admit(nowMs: number): boolean {
    this.#deaths = this.#deaths.filter((at) => nowMs - at < this.#withinMs)
    this.#deaths.push(nowMs)
    return this.#deaths.length <= this.#max
  }

  /** Wait before the next start after so many failed ones in a row; `random` is from 0 to 1. */
  delayMs(failedStarts: number, random: number): number {
    if (failedStarts === 0) return 0
    const full = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failedStarts - 1))
    return Math.round(full * (0.5 + random / 2))
  }
}
