import type { Pool } from '../../src/index.ts'
import { createRandom } from './random.ts'

const signals = ['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGSTOP', 'SIGTERM', 'SIGINT'] as const

/** Kills random ready worker processes from outside. The last two signals are ones that a worker must survive. */
export class Killer {
  readonly sent = new Map<string, number>()
  readonly #timer: NodeJS.Timeout

  constructor(pool: Pool, everyMs: number, seed: number) {
    const random = createRandom(seed)
    this.#timer = setInterval(() => this.#strike(pool, random), everyMs)
  }

  #strike(pool: Pool, random: () => number): void {
    const ready = pool
      .stats()
      .workers.filter(({ state, pid }) => (state === 'idle' || state === 'busy') && pid !== process.pid)
    const victim = ready[Math.floor(random() * ready.length)]
    if (victim === undefined) return
    const signal = signals[Math.floor(random() * signals.length)]!
    try {
      process.kill(victim.pid, signal)
      this.sent.set(signal, (this.sent.get(signal) ?? 0) + 1)
    } catch {
      // It has died by itself meanwhile.
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
