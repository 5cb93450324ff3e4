import { setTimeout as sleep } from 'node:timers/promises'
import { createDeferred } from '../../internal/deferred.ts'
import type { DrainTimes } from '../service-spec.ts'
import type { ServerWatch } from './server-watch.ts'

/** For what was ended in order to be told so. */
const FAREWELL_MS = 250

/** The end of all servers of a worker: see docs/servers.md. */
export class Drain {
  readonly #watches: readonly ServerWatch[]
  readonly #deadline = createDeferred<void>()
  #timer: NodeJS.Timeout | undefined

  constructor(watches: readonly ServerWatch[]) {
    this.#watches = watches
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
    for (const watch of this.#watches) watch.stopListening()
    for (const watch of this.#watches) watch.startDrain(times.idleGraceMs)
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
