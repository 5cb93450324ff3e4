import type { WorkerSeat } from './worker-seat.ts'

const MIN_EVERY_MS = 5
const MAX_EVERY_MS = 250

export interface ItemWatchOptions {
  readonly itemTimeoutMs: number
  readonly workers: ReadonlyMap<string, WorkerSeat>
  readonly now: () => number
  isBusy(worker: string): boolean
  timedOut(worker: string, unit: number, offset: number): void
}

/** Looks from outside how long each worker has been at its item. It has a timer only while somebody works. */
export class ItemWatch {
  readonly #options: ItemWatchOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: ItemWatchOptions) {
    this.#options = options
  }

  /** Called whenever work may have begun or ended. */
  update(): void {
    const isBusy = [...this.#options.workers.keys()].some((worker) => this.#options.isBusy(worker))
    if (!isBusy) return this.stop()
    if (this.#timer !== undefined) return
    const everyMs = Math.min(MAX_EVERY_MS, Math.max(MIN_EVERY_MS, this.#options.itemTimeoutMs / 8))
    // The workers keep the program alive, not the watch.
    this.#timer = setInterval(() => this.#look(), everyMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const { workers, now, itemTimeoutMs } = this.#options
    for (const [worker, seat] of [...workers]) {
      const mark = seat.mark()
      if (mark === undefined || mark.unit === 0 || mark.startedAtMs === 0) continue
      if (now() - mark.startedAtMs <= itemTimeoutMs) continue
      // The worker may have moved on while the mark was read.
      const again = seat.mark()
      if (again?.unit !== mark.unit || again.offset !== mark.offset) continue
      this.#options.timedOut(worker, mark.unit, mark.offset)
    }
  }
}
