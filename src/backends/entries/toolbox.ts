import type { WorkerSpec } from '../../backend.ts'
import type { Ticket } from '../../errors.ts'
import { freezeDeep } from '../../internal/freeze-deep.ts'
import { HEARTBEAT, type Heartbeat } from '../../protocol/heartbeat.ts'
import { openTools } from '../../tools/open-tools.ts'

/** Who a worker is. */
export interface WorkerIdentity {
  /** Unique in the pool, also over restarts. */
  readonly id: string
  /** The worker's seat, from 0; its replacement gets the same one. */
  readonly index: number
  /** The name of its thread, as debuggers show it. */
  readonly name: string
  /** The process it runs in: the program's own for threads. */
  readonly pid: number
  /** 0 for processes. */
  readonly threadId: number
}

/** Options of {@link Toolbox.emit}. */
export interface EmitOptions {
  /** The chunk that the result answers: `{ ticket: chunk.ticket }`. */
  readonly ticket?: Ticket
}

/** Lines to the program's stderr, with level and worker before them. */
export interface WorkerLog {
  /** Prints a line of level debug. */
  debug(...values: readonly unknown[]): void
  /** Prints a line of level info. */
  info(...values: readonly unknown[]): void
  /** Prints a line of level warn. */
  warn(...values: readonly unknown[]): void
  /** Prints a line of level error. */
  error(...values: readonly unknown[]): void
}

/** What a worker is at. */
export interface Activity {
  /** The loop's name, or `items` while it works for streams and calls. */
  readonly task: string
  /** The chunk that was taken last. */
  readonly ticket: Ticket | undefined
  /** For how long, in ms. */
  readonly forMs: number
}

/**
 * What a task gets beside its item, and a loop as its only argument; the same object for every call in one worker, and
 * for its mates.
 *
 * @typeParam Config - Type of `createPool({ config })`.
 * @typeParam Queues - Type of `toolbox.queues`: `{ name: WorkerQueue<Item> }` or `{ category: { name: WorkerQueue<Item> } }`.
 * @typeParam Tools - Type of `toolbox.tools`.
 *
 * @example
 * ```ts
 * import type { Toolbox } from 'eisenmp'
 * export async function fetchTitle(url: string, toolbox: Toolbox<{ agent: string }>): Promise<string> {
 *   const response = await fetch(url, { signal: toolbox.signal, headers: { 'user-agent': toolbox.config.agent } })
 *   return (await response.text()).match(/<title>(.*?)<\/title>/)?.[1] ?? ''
 * }
 * ```
 */
// oxlint-disable-next-line typescript/no-explicit-any -- without a type every queue and tool may be there
export interface Toolbox<Config = unknown, Queues = any, Tools = any> {
  /** The pool's `config`: this worker's own frozen copy. */
  readonly config: Config
  /** The pool's queues, by name, or by category and name. */
  readonly queues: Queues
  /** The pool's tools, by name. */
  readonly tools: Tools
  /**
   * Gives a result to {@link QueuePool.results}. In a loop it counts when the call returns, and not at all when the call throws
   * or its worker dies before.
   *
   * @throws EisenmpError `ERR_EISENMP_CLONE`, `ERR_EISENMP_SIZE` for what cannot be copied.
   */
  emit(value: unknown, options?: EmitOptions): void
  /** Prints a whole line to the program's stdout, at once; values as in `console.log`. */
  print(...values: readonly unknown[]): void
  /** So many more items are done: for `pool.progress`. In a loop it counts when the call returns. */
  progress(items?: number): void
  /** Lines to the program's stderr. */
  readonly log: WorkerLog
  /**
   * In a task: aborts when nobody waits for the current items any more, or their time is up. Read it inside the task.
   * Else, in loops and mates: aborts when the worker is to leave.
   */
  readonly signal: AbortSignal
  /** Which worker this is. */
  readonly worker: WorkerIdentity
  /** An object for whatever the main module and its mates want to share. */
  readonly shared: Record<string, unknown>
  /** Ends this worker's loops: the calls in work are the last. For mates that watch over their worker. */
  stop(): void
  /** What the worker is at; `undefined` when it has nothing to do. */
  readonly current: Activity | undefined
}

/** What the worker's side of the pool does for a toolbox. */
export interface ToolboxLink {
  readonly queues: object
  emit(value: unknown, ticket: Ticket | undefined): void
  print(level: 'print' | keyof WorkerLog, values: readonly unknown[]): void
  count(items: number): void
  stop(): void
  current(): Activity | undefined
  heartbeat(beat: Heartbeat): void
}

/** The toolbox with the controls that its worker keeps to itself. */
export class WorkerToolbox implements Toolbox {
  readonly config: unknown
  readonly worker: WorkerIdentity
  readonly shared: Record<string, unknown> = {}
  readonly tools: Readonly<Record<string, unknown>>
  readonly queues: object
  readonly log: WorkerLog
  readonly #link: ToolboxLink
  // Made when a task asks for it: most never do.
  #controller: AbortController | undefined
  #reason: unknown
  /** Aborts with the worker, where the other one aborts with the unit in work. */
  readonly #lifetime = new AbortController()
  #isInUnit = false

  constructor(
    spec: Pick<WorkerSpec, 'id' | 'index' | 'name' | 'config' | 'tools'>,
    threadId: number,
    link: ToolboxLink,
  ) {
    this.config = freezeDeep(spec.config)
    this.tools = openTools(spec.tools ?? {})
    this.worker = Object.freeze({ id: spec.id, index: spec.index, name: spec.name, pid: process.pid, threadId })
    this.queues = link.queues
    this.#link = link
    const write =
      (level: keyof WorkerLog) =>
      (...values: readonly unknown[]): void =>
        link.print(level, values)
    this.log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
    // A toolbox is taken apart by those who use it: `({ emit, print }) => …`.
    this.emit = this.emit.bind(this)
    this.print = this.print.bind(this)
    this.progress = this.progress.bind(this)
    this.stop = this.stop.bind(this)
    // For the watchdog, which is a module of its own.
    Object.defineProperty(this, HEARTBEAT, { value: (beat: Heartbeat) => link.heartbeat(beat) })
  }

  get signal(): AbortSignal {
    if (!this.#isInUnit) return this.#lifetime.signal
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  get current(): Activity | undefined {
    return this.#link.current()
  }

  emit(value: unknown, options?: EmitOptions): void {
    this.#link.emit(value, options?.ticket)
  }

  print(...values: readonly unknown[]): void {
    this.#link.print('print', values)
  }

  progress(items = 1): void {
    this.#link.count(items)
  }

  stop(): void {
    this.#link.stop()
  }

  /** Aborts the unit in work. Outside the class's type for tasks: the pool's side only. */
  static abort(toolbox: WorkerToolbox, reason: Error): void {
    toolbox.#reason = reason
    toolbox.#controller?.abort(reason)
  }

  /** The worker is to leave. */
  static end(toolbox: WorkerToolbox, reason: Error): void {
    toolbox.#lifetime.abort(reason)
  }

  /** A new unit starts with a fresh signal. */
  static renew(toolbox: WorkerToolbox): void {
    toolbox.#isInUnit = true
    toolbox.#reason = undefined
    toolbox.#controller = undefined
  }

  /** No unit is in work. */
  static rest(toolbox: WorkerToolbox): void {
    toolbox.#isInUnit = false
  }
}
