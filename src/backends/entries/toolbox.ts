import type { WorkerSpec } from '../../backend.ts'

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

/**
 * What a task gets beside its item; the same object for every call in one worker.
 *
 * @typeParam Config - Type of `createPool({ config })`.
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
export interface Toolbox<Config = unknown> {
  /** The pool's `config`: this worker's own frozen copy. */
  readonly config: Config
  /** Aborts when nobody waits for the current items any more, or their time is up. Read it inside the task. */
  readonly signal: AbortSignal
  /** Which worker this is. */
  readonly worker: WorkerIdentity
}

function freezeDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
  if (value instanceof SharedArrayBuffer) return value
  Object.freeze(value)
  for (const member of Object.values(value)) freezeDeep(member)
  return value
}

/** The toolbox with the controls that its worker keeps to itself. */
export class WorkerToolbox implements Toolbox {
  readonly config: unknown
  readonly worker: WorkerIdentity
  // Made when a task asks for it: most never do.
  #controller: AbortController | undefined
  #reason: unknown

  constructor(spec: Pick<WorkerSpec, 'id' | 'index' | 'name' | 'config'>, threadId: number) {
    this.config = freezeDeep(spec.config)
    this.worker = Object.freeze({ id: spec.id, index: spec.index, name: spec.name, pid: process.pid, threadId })
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** Aborts the unit in work. Outside the class's type for tasks: the pool's side only. */
  static abort(toolbox: WorkerToolbox, reason: Error): void {
    toolbox.#reason = reason
    toolbox.#controller?.abort(reason)
  }

  /** A new unit starts with a fresh signal. */
  static renew(toolbox: WorkerToolbox): void {
    toolbox.#reason = undefined
    toolbox.#controller = undefined
  }
}
