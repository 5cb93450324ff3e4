export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
  /** Chance makes of a wait this part of it, from the first to the second, so that seats do not start in step. */
  readonly spread: readonly [number, number]
}

const POOL_BACKOFF: Backoff = { firstMs: 50, maxMs: 5_000, spread: [0.5, 1] }

/**
 * Decides whether and when a dead worker is replaced. Pure: time and chance are given.
 *
 * Unexplained deaths and failed starts count against a limit within a sliding time. The first start again is at once, the
 * next waits about `firstMs`, each further one in a row twice as long, up to `maxMs`. Without a `backoff` that of pools:
 * 50 ms, up to 5 s.
 */
export class RestartPolicy {
  readonly #max: number
  readonly #withinMs: number
  readonly #backoff: Backoff
  #deaths: number[] = []

  constructor(limit: { readonly max: number; readonly withinMs: number }, backoff: Backoff = POOL_BACKOFF) {
    this.#max = limit.max
    this.#withinMs = limit.withinMs
    this.#backoff = backoff
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
    const { firstMs, maxMs, spread } = this.#backoff
    const full = Math.min(maxMs, firstMs * 2 ** (failedStarts - 1))
    return Math.round(full * (spread[0] + random * (spread[1] - spread[0])))
  }
}
