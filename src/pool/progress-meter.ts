/** How far the streams of a pool are. */
export interface Progress {
  /** Items with an outcome. */
  readonly done: number
  /** All items; `undefined` when a source does not know its length and no `total` was given. */
  readonly total: number | undefined
  /** From 0 to 100; `undefined` without a total. */
  readonly percent: number | undefined
  /** Mean over the last seconds. */
  readonly itemsPerSecond: number
  /** Time left at that rate, in ms; `undefined` without a total. */
  readonly etaMs: number | undefined
}

/** A stream, as far as it counts here. */
export interface Measured {
  /** Items with an outcome. */
  readonly settled: number
  readonly total: number | undefined
}

const EVERY_MS = 250
/** Time constant of the mean. */
const MEMORY_MS = 3000

/** Adds up the streams that run together; starts anew when none was left. */
export class ProgressMeter {
  readonly #listeners = new Set<(progress: Progress) => void>()
  readonly #jobs = new Set<Measured>()
  #timer: NodeJS.Timeout | undefined
  #lookedAtMs = 0
  #lookedDone = 0
  #rate = 0
  #activeJobs = 0

  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  opened(job: Measured): void {
    if (this.#activeJobs === 0) {
      this.#jobs.clear()
      this.#lookedAtMs = this.#now()
      this.#lookedDone = 0
      this.#rate = 0
    }
    this.#activeJobs += 1
    this.#jobs.add(job)
    this.#update()
  }

  closed(): void {
    this.#activeJobs -= 1
    if (this.#activeJobs > 0) return
    this.#emit()
    this.#update()
  }

  on(listener: (progress: Progress) => void): void {
    this.#listeners.add(listener)
    this.#update()
  }

  off(listener: (progress: Progress) => void): void {
    this.#listeners.delete(listener)
    this.#update()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  read(): Progress {
    let done = 0
    let total: number | undefined = 0
    for (const job of this.#jobs) {
      done += job.settled
      total = total === undefined || job.total === undefined ? undefined : total + job.total
    }
    if (this.#jobs.size === 0) total = undefined
    this.#measure(done)
    const left = total === undefined ? undefined : Math.max(0, total - done)
    const percent = total === undefined ? undefined : total === 0 ? 100 : Math.min(100, (100 * done) / total)
    const etaMs =
      left === undefined || (this.#rate === 0 && left > 0) ? undefined : left === 0 ? 0 : (1000 * left) / this.#rate
    return { done, total, percent, itemsPerSecond: this.#rate, etaMs }
  }

  #measure(done: number): void {
    const now = this.#now()
    const passedMs = now - this.#lookedAtMs
    if (passedMs < EVERY_MS / 2) return
    const sample = (1000 * (done - this.#lookedDone)) / passedMs
    const weight = this.#rate === 0 ? 1 : 1 - Math.exp(-passedMs / MEMORY_MS)
    this.#rate += weight * (sample - this.#rate)
    this.#lookedAtMs = now
    this.#lookedDone = done
  }

  #emit(): void {
    if (this.#listeners.size === 0) return
    const progress = this.read()
    for (const listener of this.#listeners) listener(progress)
  }

  /** The timer lives only while a stream runs and somebody listens; it never keeps the program alive. */
  #update(): void {
    if (this.#activeJobs === 0 || this.#listeners.size === 0) return this.stop()
    this.#timer ??= setInterval(() => this.#emit(), EVERY_MS).unref()
  }
}
