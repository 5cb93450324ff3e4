import { bindPorts } from './ports/bind-ports.ts'
import { type ServeOptions, readServeOptions } from './read-serve-options.ts'
import { ServerCore } from './server-core.ts'
import { Servers } from './servers.ts'

/**
 * Starts servers on every core: one or many in each worker, on one port that all share, or on ports of their own.
 *
 * Everything is checked and every port is bound before any worker starts. The listening sockets of processes are the
 * parent's, so no connection is refused while workers change; threads, which bind their ports themselves, hand them over
 * in a reload. Workers that end are started again, unhealthy ones are replaced.
 *
 * @param options - See {@link ServeOptions}.
 * @returns When every worker answers.
 * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a wrong or misspelt option or a plan that cannot be, `ERR_EISENMP_PORT`
 * when a port is busy or not allowed, `ERR_EISENMP_MODULE` when the module cannot be loaded or makes no server (`cause` is
 * the original), `ERR_EISENMP_START` when a worker does not get ready; or what `prepare` throws. Then nothing runs any more.
 *
 * @example
 * ```ts
 * // file: shop.server.ts
 * import { createServer as createHttpServer } from 'node:http'
 * import type { ServerToolbox } from 'eisenmp/server'
 *
 * export function createServer(toolbox: ServerToolbox) {
 *   return createHttpServer((_request, response) => response.end(`worker ${toolbox.worker.index}`))
 * }
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { serve } from 'eisenmp/server'
 *
 * const servers = await serve({ module: new URL('./shop.server.ts', import.meta.url), workers: 2, port: 0 })
 * assert.match(await (await fetch(servers.url)).text(), /worker [01]/)
 * await servers.close()
 * ```
 */
export async function serve(options: ServeOptions): Promise<Servers> {
  const settings = readServeOptions(options)
  settings.signal?.throwIfAborted()
  const bound = await bindPorts(settings.plan)
  let servers: Servers | undefined
  try {
    await settings.prepare?.()
    settings.signal?.throwIfAborted()
    const core = new ServerCore(settings, bound)
    servers = new Servers(core)
    await core.crew.start()
    return servers
  } catch (error) {
    if (servers === undefined) bound.close()
    else await servers.destroy()
    if (servers?.isExiting === true) return new Promise(() => {})
    throw settings.signal?.aborted === true ? settings.signal.reason : error
  }
}
