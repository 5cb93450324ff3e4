import { format } from 'node:util'
import type { WorkerLog } from '../../backends/entries/toolbox.ts'
import { freezeDeep } from '../../internal/freeze-deep.ts'
import type { PrintLevel } from '../../protocol/loop-messages.ts'
import type { ListenSpec, ServiceSpec } from '../service-spec.ts'

/** Which worker of `serve()` this is, and which life of it. */
export interface ServerWorker {
  /** Unique among all lives of all workers: seat and generation, as `2.0`. */
  readonly id: string
  /** The worker's seat over all groups, from 0; its replacement gets the same one. */
  readonly index: number
  /** The group and the place in it: `red-0`. */
  readonly name: string
  /** The process it runs in: the program's own for threads. */
  readonly pid: number
  /** 0 for processes. */
  readonly threadId: number
  /** Which life of the seat it is, from 0: each restart and each reload counts one more. */
  readonly generation: number
}

/**
 * What `createServer()` of your server module gets, and the second argument of its `fetch()`. Each server of a worker has
 * one of its own.
 *
 * @typeParam Config - Type of `serve({ config })`.
 *
 * @example
 * ```ts
 * import { createServer as createHttpServer, type Server } from 'node:http'
 * import type { ServerToolbox } from 'eisenmp/server'
 * export function createServer({ config, worker, onDrain, log }: ServerToolbox<{ greeting: string }>): Server {
 *   onDrain(() => log.info('no more new connections'))
 *   return createHttpServer((request, response) => response.end(`${config.greeting} from ${worker.name}\n`))
 * }
 * ```
 */
export interface ServerToolbox<Config = unknown> {
  /** The `config` of `serve()`: this worker's own frozen copy. */
  readonly config: Config
  /** Name of the group. */
  readonly group: string
  /** The address it listens on. */
  readonly address: string
  /** The port it listens on; 0 when the system is to choose one. */
  readonly port: number
  /** Which server of the worker it is, from 0. */
  readonly index: number
  /** Which worker this is. */
  readonly worker: ServerWorker
  /** Prints a whole line to the program's stdout; values as in `console.log`. */
  print(...values: readonly unknown[]): void
  /** Lines to the program's stderr. */
  readonly log: WorkerLog
  /**
   * Aborts when the worker must end now: all is drained, or the time for that is up. For work that goes on beside
   * requests; a request's own end is its `close`, or the signal of a fetch handler's request.
   */
  readonly signal: AbortSignal
  /**
   * Calls the function when the worker begins to drain: no new connections come, requests in flight go on. The place to
   * close WebSockets and streams of events, and to say farewell to other services. It may be async: the drain waits for
   * it, no longer than `drain.inFlightMs`; what it throws is logged. Called at once when draining has begun already.
   */
  onDrain(act: () => unknown): void
}

/** What a toolbox is made with. */
export interface ToolboxParts {
  readonly spec: ServiceSpec
  readonly threadId: number
  readonly signal: AbortSignal
  print(level: PrintLevel, text: string): void
  onDrain(act: () => unknown): void
}

export function createToolbox(parts: ToolboxParts, listen: ListenSpec): ServerToolbox {
  const { spec, threadId, signal, onDrain } = parts
  const write =
    (level: PrintLevel) =>
    (...values: readonly unknown[]): void =>
      parts.print(level, format(...values))
  const { index, name, generation } = spec
  const id = `${index}.${generation}`
  return {
    config: freezeDeep(spec.config),
    group: spec.group,
    address: listen.address,
    port: listen.port,
    index: listen.index,
    worker: Object.freeze({ id, index, name, pid: process.pid, threadId, generation }),
    print: write('print'),
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    signal,
    onDrain,
  }
}
