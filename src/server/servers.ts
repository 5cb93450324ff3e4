import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { EisenmpError } from '../errors.ts'
import { registerInterruptible, unregisterInterruptible } from '../supervisor/interrupts.ts'
import type { PlanRow } from './ports/plan-rows.ts'
import type { ServerCore } from './server-core.ts'
import { type ServiceWorkerStats, readServiceStats } from './server-stats.ts'

/** What became of {@link Servers.reload}. */
export interface ReloadReport {
  /** Workers that were replaced. */
  readonly replaced: number
  /** From the call until the last of the old workers has ended. */
  readonly ms: number
  /** Requests and connections that had not ended within `drain.inFlightMs`, and were cut. */
  readonly cutRequests: number
}

/** The state of servers at this moment. */
export interface ServersStats {
  /** What workers are. */
  readonly backend: 'processes' | 'threads' | 'command'
  /** One for each seat, by index. */
  readonly workers: readonly ServiceWorkerStats[]
}

/** A worker, in an event. */
export interface WorkerEvent {
  /** `red-0` */
  readonly worker: string
  /** The number of the worker, from 0 over all groups. */
  readonly index: number
  /** Which life of the worker it is, from 0. */
  readonly generation: number
}

/** Events of {@link Servers}, with what their listeners get. */
export interface ServersEvents {
  /** A worker answers requests: at the start, after a restart, in a reload. */
  ready: [event: WorkerEvent & { readonly pid: number }]
  /** A worker takes nothing new any more, and ends. */
  draining: [event: WorkerEvent & { readonly reason: string }]
  /** A worker has ended, for whatever reason. */
  gone: [event: WorkerEvent & { readonly reason: string }]
  /** A worker has crashed too often; its seat stays empty until a reload. Without a listener it is a warning of the process. */
  failed: [event: { readonly worker: string; readonly index: number; readonly error: unknown }]
  /** A reload that a signal has asked for has ended; `error` when it was broken off. */
  reloaded: [event: { readonly report?: ReloadReport; readonly error?: unknown }]
}

/**
 * Servers on every core, made by {@link serve}.
 *
 * They keep the program alive. On SIGINT and SIGTERM they drain, and the program exits with 130 or 143; a second signal ends
 * everything at once. SIGHUP reloads, except when the terminal of the program has gone. If the program has a handler of its
 * own for the signal, that one decides when the program exits.
 *
 * @example
 * ```ts
 * // file: hello.server.ts
 * export default { fetch: () => new Response('hello') }
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { serve } from 'eisenmp/server'
 *
 * const servers = await serve({ module: new URL('./hello.server.ts', import.meta.url), workers: 2, port: 0 })
 * servers.on('ready', ({ worker, generation }) => console.error(`${worker} is ready, life ${generation}`))
 * assert.equal(await (await fetch(servers.url)).text(), 'hello')
 * await servers.reload()
 * await servers.close()
 * ```
 */
export class Servers extends EventEmitter<ServersEvents> {
  readonly #core: ServerCore
  #closing: Promise<void> | undefined
  /**
   * The program is about to exit, and nobody is to be told anything any more.
   *
   * @internal
   */
  isExiting = false

  /** @internal */
  constructor(core: ServerCore) {
    super()
    this.#core = core
    core.tell = (name, event) => this.#tell(name, event)
    registerInterruptible(this)
    core.settings.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onAbort = (): void => {
    void this.close()
  }

  #tell<Name extends keyof ServersEvents>(name: Name, event: ServersEvents[Name][0]): void {
    // The emitter's own type cannot follow a name that is not known yet.
    const emit = this.emit.bind(this) as (name: string, event: unknown) => boolean
    if (!emit(name, event) && name === 'failed') {
      const { worker, error } = event as ServersEvents['failed'][0]
      const reason = error instanceof Error ? error.message : String(error)
      process.emitWarning(
        `worker ${worker} has crashed too often and is not started again: ${reason}`,
        'EisenmpWarning',
      )
    }
  }

  /** Which worker listens where: a row for each server, good for `console.table()`. */
  get plan(): readonly PlanRow[] {
    return this.#core.rows
  }

  /** The address of the first server: `http://127.0.0.1:3000`. */
  get url(): string {
    const { address, port } = this.plan[0]!
    return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
  }

  /**
   * Replaces every worker by a new one, without losing a request: the new one loads the module as it is on disk now, and is
   * ready before the old one drains. One worker after the other; several calls run one after another.
   *
   * @returns When the last of the old workers has ended.
   * @throws {@link EisenmpError} When a new worker does not get ready, with its error; its predecessor and all that were not
   * replaced yet go on. `ERR_EISENMP_CLOSED` after `close()`.
   */
  async reload(): Promise<ReloadReport> {
    if (this.#closing !== undefined) {
      throw new EisenmpError('ERR_EISENMP_CLOSED', 'Cannot reload the servers: they were closed; serve again')
    }
    return this.#core.crew.reload()
  }

  /** The state of every worker, at this moment. */
  stats(): ServersStats {
    const { crew, seats, settings } = this.#core
    return {
      backend: settings.command === undefined ? settings.backend : 'command',
      workers: readServiceStats(crew, seats),
    }
  }

  /**
   * Ends everything in an orderly way: no new connections, requests in flight have `drain.inFlightMs`, workers that have not
   * ended after `drain.killAfterMs` are killed.
   *
   * @returns When no process, thread, socket, timer or listener is left; never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#end(() => this.#core.crew.close())
    return this.#closing
  }

  /** Ends everything at once; what is in flight is cut. */
  async destroy(): Promise<void> {
    this.#closing ??= this.#end(() => this.#core.crew.destroy())
    await this.#core.crew.destroy()
    await this.#closing
  }

  async #end(endCrew: () => Promise<void>): Promise<void> {
    this.#core.settings.signal?.removeEventListener('abort', this.#onAbort)
    // The workers have sockets of their own: what waits in the queues is theirs to answer, nobody else's from now on.
    await endCrew()
    this.#core.release()
    unregisterInterruptible(this)
    // Node drops the handles of closed sockets two turns of the loop later.
    await turn()
    await turn()
  }

  /** The same as {@link Servers.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal */
  interrupt(_signal: string, exits: boolean): Promise<void> {
    this.isExiting = exits
    return this.close()
  }

  /** @internal */
  kill(): void {
    void this.destroy()
  }

  /** @internal */
  hangUp(): void {
    this.reload().then(
      (report) => this.#tell('reloaded', { report }),
      (error: unknown) => {
        process.emitWarning(`reload was broken off: ${error instanceof Error ? error.message : String(error)}`)
        this.#tell('reloaded', { error })
      },
    )
  }
}
