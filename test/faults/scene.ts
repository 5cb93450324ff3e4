import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { type BackendName, type Pool, type PoolOptions, type UntypedModule, createPool } from '../../src/index.ts'
import { type Stock, assertBalanced, scratch, takeStock } from './balance.ts'
import { findMiscounts } from './books.ts'
import { comesTrue, within } from './deadline.ts'

/** The module of every row that names none. */
export const faultsUrl = new URL('../fixtures/faults.worker.ts', import.meta.url)

export const valuesUrl = new URL('../fixtures/values.worker.ts', import.meta.url)

let nextFile = 0

/** A path for a file of a test, not there yet. */
export function newPath(ending = ''): string {
  return join(scratch, `${nextFile++}${ending}`)
}

/** One run of one row: it opens pools, and sees to it that nothing of them is left and that all was counted. */
export class Scene {
  readonly backend: BackendName
  readonly #before: Stock
  readonly #pools: Pool[] = []
  #starts = 0
  #alarms = 0
  readonly #countStart = (): void => void (this.#starts += 1)
  readonly #countAlarm = (): void => void (this.#alarms += 1)

  constructor(backend: BackendName) {
    this.backend = backend
    this.#before = takeStock()
    subscribe('eisenmp:worker:started', this.#countStart)
    process.on('uncaughtExceptionMonitor', this.#countAlarm)
    process.on('unhandledRejection', this.#countAlarm)
  }

  /** Workers started so far. */
  get starts(): number {
    return this.#starts
  }

  async open<Module = UntypedModule>(options: Partial<PoolOptions> = {}): Promise<Pool<Module>> {
    const defaults = { modules: faultsUrl, backend: this.backend, workers: 2, graceMs: 200 }
    const pool = await within('createPool()', createPool<Module>({ ...defaults, ...options }))
    this.#pools.push(pool as Pool)
    return pool
  }

  /** Ends everything that the row has left and checks that nothing stays, nothing was lost from the books and no alarm rang. */
  async close(): Promise<void> {
    try {
      for (const pool of this.#pools) await this.#closePool(pool)
    } finally {
      unsubscribe('eisenmp:worker:started', this.#countStart)
      process.off('uncaughtExceptionMonitor', this.#countAlarm)
      process.off('unhandledRejection', this.#countAlarm)
    }
    if (this.#alarms > 0) throw new Error(`${this.#alarms} uncaught exceptions or unhandled rejections in the parent`)
    await assertBalanced(this.#before)
  }

  async #closePool(pool: Pool): Promise<void> {
    await within('close()', pool.close())
    if (await comesTrue(() => findMiscounts(pool.stats()).length === 0, 1000)) return
    throw new Error(`the counts of the closed pool do not agree: ${findMiscounts(pool.stats()).join('; ')}`)
  }
}
