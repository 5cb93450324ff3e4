import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { createDeferred } from '../../internal/deferred.ts'
import type { DrainTimes } from '../service-spec.ts'
import type { ServerWatch } from './server-watch.ts'

/** For what was ended in order to be told so. */
const FAREWELL_MS = 250

/** The end of all servers of a worker: see docs/servers.md. */
export class Drain {
  readonly #watches: readonly ServerWatch[]
  readonly #ownsQueues: boolean
  readonly #deadline = createDeferred<void>()
  #timer: NodeJS.Timeout | undefined

  /** @param ownsQueues - Connections that wait in the queue of a listener are lost when it is closed. */
  constructor(watches: readonly ServerWatch[], ownsQueues: boolean) {
    this.#watches = watches
    this.#ownsQueues = ownsQueues
  }

  /** The time for requests in flight, from now on. */
  limit(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#deadline.resolve(), ms)
  }

  /**
   * @param callHooks - Lets the user's code say farewell; not waited for beyond the time for requests.
   * @param cutting - Called when the time is up, before anything is cut.
   * @returns How many requests were cut.
   */
  async run(times: DrainTimes, callHooks: () => Promise<void>, cutting: () => void): Promise<number> {
    this.limit(times.inFlightMs)
    for (const watch of this.#watches) watch.startDrain(times.idleGraceMs)
    // One look at the sockets accepts all that waits; right after it the queue is as empty as it gets.
    if (this.#ownsQueues && this.#watches.some(({ server }) => server.listening)) await turn()
    for (const watch of this.#watches) watch.stopListening()
    const hooks = callHooks()
    const quiet = this.#waitForQuiet()
    await Promise.race([Promise.all([quiet, hooks]), this.#deadline.promise])
    clearTimeout(this.#timer)
    cutting()
    const cutRequests = this.#cut()
    await Promise.race([quiet, sleep(FAREWELL_MS, undefined, { ref: false })])
    for (const watch of this.#watches) watch.destroy()
    return cutRequests
  }

  #waitForQuiet(): Promise<void> {
    const quiet = createDeferred<void>()
    const look = (): void => {
      if (this.#watches.every(({ connections }) => connections.size === 0)) quiet.resolve()
    }
    for (const watch of this.#watches) watch.onClosed = look
    look()
    return quiet.promise
  }

  #cut(): number {
    let cutRequests = 0
    for (const { connections } of this.#watches) for (const connection of connections) cutRequests += connection.cut()
    return cutRequests
  }
}
