import { setTimeout as sleep } from 'node:timers/promises'
import { type Health, probe } from './health-probe.ts'
import type { ServerWatch } from './server-watch.ts'

/** An answer that takes longer is none. */
const ANSWER_MS = 5000
/** Between two questions until the first good answer. */
const RETRY_MS = 50

function isGood({ status }: Health): boolean {
  return status !== undefined && status < 500
}

/** Asks all servers of a worker for the path of the health check. */
export class HealthCheck {
  readonly #watches: readonly ServerWatch[]
  readonly #path: string
  #last: Health = { status: undefined, reason: 'not asked yet' }
  #isAsking = false

  constructor(watches: readonly ServerWatch[], path: string) {
    this.#watches = watches
    this.#path = path
  }

  /** What the last question was answered; the worst of all servers. */
  get last(): Health {
    return this.#last
  }

  async ask(): Promise<void> {
    // One that hangs is not asked again and again.
    if (this.#isAsking) return
    this.#isAsking = true
    const answers = await Promise.all(this.#watches.map((watch) => probe(watch, this.#path, ANSWER_MS)))
    this.#last = answers.find((answer) => !isGood(answer)) ?? answers[0]!
    this.#isAsking = false
  }

  /**
   * Asks until all are well. How long that may take is up to who waits for the worker.
   *
   * @param tell - Hears of the first bad answer.
   */
  async waitUntilGood(tell: (health: Health) => void, signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round++) {
      await this.ask()
      if (isGood(this.#last)) return
      if (round === 0) tell(this.#last)
      await sleep(RETRY_MS)
    }
  }
}
