import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Toolbox } from '../backends/entries/toolbox.ts'
import { type OptionTable, checkOptions, flag, integer, isPlainObject, milliseconds, positive } from '../options.ts'
import { HEARTBEAT, type Heartbeat } from '../protocol/heartbeat.ts'

/** What a pool's `config.watchdog` may hold. */
export interface WatchdogOptions {
  /**
   * Time between two beats, in ms.
   *
   * @defaultValue 1000
   */
  readonly intervalMs?: number
  /**
   * Print a line for each beat.
   *
   * @defaultValue `true`
   */
  readonly print?: boolean
  /** Stop the worker when its event loop was kept waiting for longer, in ms; not before the second beat. */
  readonly maxLagMs?: number
  /** Stop the worker when its JavaScript heap has grown larger. */
  readonly maxHeapMb?: number
  /** Stop the worker when it has more open handles. */
  readonly maxHandles?: number
  /** Stop the worker when one call of a loop, or the items in work, take longer, in ms. */
  readonly maxBusyMs?: number
}

const table: OptionTable = {
  intervalMs: milliseconds(10),
  print: flag,
  maxLagMs: milliseconds(1),
  maxHeapMb: positive('a positive number of MB'),
  maxHandles: integer(0),
  maxBusyMs: milliseconds(1),
}

/** The delay is looked at so often. */
const RESOLUTION_MS = 20

type Watched = Toolbox & { readonly [HEARTBEAT]?: (beat: Heartbeat) => void }
type Limits = Readonly<Record<string, number | undefined>>

function readOptions(config: unknown): WatchdogOptions {
  const given = isPlainObject(config) ? (config['watchdog'] ?? {}) : {}
  return checkOptions('config.watchdog', given, table)
}

function countHandles(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

/** Looks at one worker from the inside, at an interval. */
class Watch {
  readonly #toolbox: Watched
  readonly #options: WatchdogOptions
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #intervalMs: number
  readonly #timer: NodeJS.Timeout
  #beats = 0
  #dueAt: number
  #hasStopped = false

  constructor(toolbox: Watched, options: WatchdogOptions) {
    this.#toolbox = toolbox
    this.#options = options
    this.#intervalMs = options.intervalMs ?? 1000
    this.#delay.enable()
    this.#dueAt = performance.now() + this.#intervalMs
    this.#timer = setInterval(() => this.#beat(), this.#intervalMs)
    this.#timer.unref()
    toolbox.signal.addEventListener('abort', () => this.#end(), { once: true })
  }

  #end(): void {
    clearInterval(this.#timer)
    this.#delay.disable()
  }

  /** The histogram holds the time between two of its own looks; after a block this timer may come first. */
  #readLag(): number {
    const now = performance.now()
    const own = now - this.#dueAt
    const seen = this.#delay.max / 1e6 - RESOLUTION_MS
    this.#delay.reset()
    this.#dueAt = now + this.#intervalMs
    return Math.max(0, own, seen)
  }

  #beat(): void {
    this.#beats += 1
    const seen = this.#look()
    const crossed = this.#hasStopped ? undefined : this.#findCrossed(seen)
    this.#toolbox[HEARTBEAT]?.(crossed === undefined ? seen : { ...seen, crossed })
    if (this.#options.print ?? true) this.#toolbox.print(this.#describe(seen))
    if (crossed === undefined) return
    this.#hasStopped = true
    this.#toolbox.log.warn(`watchdog: ${crossed}; it stops worker ${this.#toolbox.worker.id}`)
    this.#toolbox.stop()
  }

  #look(): Heartbeat {
    const { current } = this.#toolbox
    const heapMb = getHeapStatistics().used_heap_size / 2 ** 20
    const seen = { beat: this.#beats, lagMs: this.#readLag(), heapMb, handles: countHandles() }
    if (current === undefined) return seen
    const { task, ticket, forMs } = current
    return { ...seen, task, forMs, ...(ticket === undefined ? {} : { ticket: `${ticket.queue} ${ticket.serial}` }) }
  }

  #findCrossed({ beat, lagMs, heapMb, handles, forMs = 0 }: Heartbeat): string | undefined {
    // Until the first beat the modules were loaded, which is lag for everybody.
    const seen: Limits = {
      maxLagMs: beat === 1 ? 0 : lagMs,
      maxHeapMb: heapMb,
      maxHandles: sum(handles),
      maxBusyMs: forMs,
    }
    for (const [name, value] of Object.entries(seen)) {
      const limit = (this.#options as Limits)[name]
      if (limit !== undefined && value! > limit) return `${name} is ${limit}, and it has come to ${Math.ceil(value!)}`
    }
    return undefined
  }

  #describe({ beat, lagMs, heapMb, handles, task, ticket, forMs = 0 }: Heartbeat): string {
    const at =
      task === undefined ? 'idle' : `at ${task}${ticket === undefined ? '' : ` (${ticket})`} for ${forMs.toFixed()} ms`
    const state = `lag ${lagMs.toFixed()} ms, heap ${heapMb.toFixed(1)} MB, ${sum(handles)} handles, ${at}`
    return `watchdog ${this.#toolbox.worker.id}: beat ${beat}, ${state}`
  }
}

/**
 * A mate that watches over its worker: at an interval it tells event-loop lag, heap, open handles and what is in work,
 * to `toolbox.print` and to the channel `eisenmp:worker:heartbeat`; and stops the worker's loops when a limit is crossed.
 *
 * It lives in the thread that it watches: while that is blocked it sees nothing, and tells of the lag afterwards. Its
 * timer keeps nothing alive. Options are in the pool's `config.watchdog`, see {@link WatchdogOptions}.
 *
 * @param toolbox - Given by the worker.
 * @throws EisenmpError `ERR_EISENMP_OPTION` for a wrong or misspelt option; the pool then fails to start.
 *
 * @example
 * ```ts
 * // file: half.worker.ts
 * export const half = (n: number): number => n / 2
 * ```
 * ```ts
 * import { createPool } from 'eisenmp'
 *
 * const pool = await createPool({
 *   modules: [new URL('./half.worker.ts', import.meta.url), 'eisenmp/watchdog'],
 *   config: { watchdog: { intervalMs: 500, print: false } },
 *   workers: 1,
 * })
 * console.log(await pool.run('half', 8)) // 4
 * await pool.close()
 * ```
 */
export default function watchOver(toolbox: Toolbox): void {
  // It lives as long as its timer.
  void new Watch(toolbox, readOptions(toolbox.config))
}
