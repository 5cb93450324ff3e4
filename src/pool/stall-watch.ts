/** A unit with another behind it was expected to take less than half of this. */
const EVERY_MS = 50

/**
 * Notices when a unit that was expected to be short keeps another one waiting. It has a timer only while some worker
 * holds two units.
 */
export class StallWatch {
  readonly #held: ReadonlyMap<string, readonly number[]>
  readonly #report: (worker: string, unit: number) => void
  /** The oldest unit of each worker at the last look. */
  #seen = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined

  constructor(held: ReadonlyMap<string, readonly number[]>, report: (worker: string, unit: number) => void) {
    this.#held = held
    this.#report = report
  }

  /** Called whenever units may have been sent or answered. */
  update(): void {
    if (this.#timer !== undefined) return
    for (const units of this.#held.values()) {
      if (units.length < 2) continue
      this.#timer = setInterval(() => this.#look(), EVERY_MS).unref()
      return
    }
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#seen.clear()
  }

  #look(): void {
    const now = new Map<string, number>()
    for (const [worker, units] of this.#held) if (units.length > 1) now.set(worker, units[0]!)
    const before = this.#seen
    this.#seen = now
    if (now.size === 0) return this.stop()
    for (const [worker, unit] of now) if (before.get(worker) === unit) this.#report(worker, unit)
  }
}
