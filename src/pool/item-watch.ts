import { MARK_UNKNOWN, MARK_UNTIMED, type Mark } from '../protocol/mark.ts'
import type { WorkerSeat } from './worker-seat.ts'

const MIN_EVERY_MS = 5
const MAX_EVERY_MS = 250
/** A worker hands back a unit after 50 ms, so a unit takes no longer than this and one item. */
const UNIT_SLACK_MS = 100

export interface ItemWatchOptions {
  readonly itemTimeoutMs: number
  readonly workers: ReadonlyMap<string, WorkerSeat>
  /** Units in the hands of each worker, oldest first. */
  readonly held: ReadonlyMap<string, readonly number[]>
  readonly now: () => number
  timedOut(worker: string, unit: number, offset: number): void
}

/** Looks from outside how long each worker has been at its item. It has a timer only while somebody works. */
export class ItemWatch {
  readonly #options: ItemWatchOptions
  #timer: NodeJS.Timeout | undefined
  /** Where a worker whose mark has no time was seen first. */
  readonly #seen = new Map<string, { readonly mark: Mark; readonly sinceMs: number }>()
  /** Since when a worker without a mark has had its oldest unit. */
  readonly #unmarked = new Map<string, { readonly unit: number; readonly sinceMs: number }>()

  constructor(options: ItemWatchOptions) {
    this.#options = options
  }

  /** Called whenever work may have begun or ended. */
  update(): void {
    if (this.#timer !== undefined || !this.#isBusy()) return
    const everyMs = Math.min(MAX_EVERY_MS, Math.max(MIN_EVERY_MS, this.#options.itemTimeoutMs / 8))
    // The workers keep the program alive, not the watch.
    this.#timer = setInterval(() => this.#look(), everyMs).unref()
  }

  #isBusy(): boolean {
    for (const units of this.#options.held.values()) if (units.length > 0) return true
    return false
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#unmarked.clear()
    this.#seen.clear()
  }

  #look(): void {
    if (!this.#isBusy()) return this.stop()
    const { workers, now, itemTimeoutMs } = this.#options
    for (const [worker, seat] of [...workers]) {
      const mark = seat.mark()
      if (mark === undefined) this.#lookAtUnit(worker)
      if (mark === undefined || mark.unit === 0 || mark.startedAtMs === 0) continue
      if (now() - this.#findStart(worker, mark) <= itemTimeoutMs) continue
      // The worker may have moved on while the mark was read.
      const again = seat.mark()
      if (again?.unit !== mark.unit || again.offset !== mark.offset) continue
      this.#options.timedOut(worker, mark.unit, mark.offset)
    }
  }

  /** Where a worker does not take the time, an item began at the latest when it was seen: one look too late at most. */
  #findStart(worker: string, mark: Mark): number {
    if (mark.startedAtMs !== MARK_UNTIMED) return mark.startedAtMs
    const seen = this.#seen.get(worker)
    if (seen?.mark.unit === mark.unit && seen.mark.offset === mark.offset) return seen.sinceMs
    const sinceMs = this.#options.now()
    this.#seen.set(worker, { mark, sinceMs })
    return sinceMs
  }

  /** Where the system has no place for marks, only the unit's time is known. */
  #lookAtUnit(worker: string): void {
    const { held, now, itemTimeoutMs } = this.#options
    const unit = held.get(worker)?.[0]
    if (unit === undefined) return void this.#unmarked.delete(worker)
    const seen = this.#unmarked.get(worker)
    if (seen?.unit !== unit) this.#unmarked.set(worker, { unit, sinceMs: now() })
    else if (now() - seen.sinceMs > itemTimeoutMs + UNIT_SLACK_MS) this.#options.timedOut(worker, unit, MARK_UNKNOWN)
  }
}
