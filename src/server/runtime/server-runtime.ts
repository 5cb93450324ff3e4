import type { Server } from 'node:net'
import { inspect } from 'node:util'
import { isMainThread, threadId } from 'node:worker_threads'
import { readSystemThreadId } from '../../backends/entries/vitals-writer.ts'
import { createDeferred } from '../../internal/deferred.ts'
import { LoadError } from '../../loader/import-tasks.ts'
import { encodeError } from '../../protocol/wire-error.ts'
import type { ServicePlace, ServiceRuntime, ToService } from '../service-messages.ts'
import type { ListenSpec } from '../service-spec.ts'
import { applyLimits } from './apply-limits.ts'
import { BeatMeter } from './beat-meter.ts'
import { Drain } from './drain.ts'
import { DrainHooks } from './drain-hooks.ts'
import { createFetchServer } from './fetch-server.ts'
import { HealthCheck } from './health-check.ts'
import { listenAs } from './listen.ts'
import { type ServerModule, loadServerModule, makeServer } from './server-module.ts'
import { createToolbox } from './server-toolbox.ts'
import { ServerWatch } from './server-watch.ts'

/** After an uncaught error the state of the worker is not to be trusted for long. */
const CRASH_DRAIN_MS = 500
/** Of these; some time is left for requests that come at the end of it. */
const CRASH_GRACE_MS = 300

/** What runs in a worker of `serve()`: loads the server module, listens, and ends without losing a request. */
export class ServerRuntime implements ServiceRuntime {
  readonly #place: ServicePlace
  readonly #watches: ServerWatch[] = []
  readonly #lifetime = new AbortController()
  readonly #hooks: DrainHooks
  readonly #adopted = createDeferred<readonly Server[]>()
  #drain: Drain | undefined
  #health: HealthCheck | undefined
  #beats: { readonly meter: BeatMeter; readonly timer: NodeJS.Timeout } | undefined
  #isReady = false
  #hasCrashed = false
  /** Nothing more is told: the end has been. */
  #hasEnded = false

  constructor(place: ServicePlace) {
    this.#place = place
    this.#hooks = new DrainHooks((error) => {
      place.send({ kind: 'print', level: 'error', text: `onDrain() threw: ${inspect(error)}` })
    })
  }

  async start(): Promise<void> {
    const { spec } = this.#place
    try {
      const loaded = await loadServerModule(spec.module.url)
      for (const listen of spec.servers) this.#watches.push(...(await this.#create(loaded, listen)))
      if (this.#watches.length === 0) return this.#tellUnneeded()
      this.#checkComplete()
      await this.#waitUntilHealthy()
      const ports = await this.#listen()
      if (this.#hasEnded) return
      this.#isReady = true
      this.#place.send({ kind: 'ready', ports, systemThreadId: isMainThread ? 0 : readSystemThreadId() })
      this.#startBeats()
    } catch (error) {
      this.#fail(error)
    }
  }

  take(message: Exclude<ToService, { kind: 'init' }>): void {
    switch (message.kind) {
      case 'adopt':
        return this.#isReady ? this.#takeBack(message.listeners) : this.#adopted.resolve(message.listeners)
      case 'release':
        return this.#release()
      case 'drain':
        return void this.#end()
      default:
    }
  }

  crash(error: unknown): void {
    if (this.#hasEnded) return
    if (!this.#isReady) return this.#fail(error)
    if (this.#hasCrashed) return this.#leave(1)
    this.#hasCrashed = true
    this.#place.send({ kind: 'failing', error: encodeError(error, isMainThread) })
    if (this.#drain === undefined) void this.#end()
    else this.#drain.limit(CRASH_DRAIN_MS)
  }

  /** More workers than work. */
  #tellUnneeded(): void {
    if (this.#hasEnded) return
    this.#isReady = true
    this.#place.send({ kind: 'ready', ports: [], systemThreadId: 0 })
    this.#place.send({ kind: 'unneeded' })
  }

  #checkComplete(): void {
    const { servers, module } = this.#place.spec
    if (this.#watches.length === servers.length) return
    const problem = `made ${this.#watches.length} of ${servers.length} servers; return one for each call, or none at all`
    throw new LoadError(`createServer() of server module ${module.url} ${problem}`, module.url, undefined)
  }

  /** None when the module has nothing to serve there. */
  async #create(loaded: ServerModule, listen: ListenSpec): Promise<ServerWatch[]> {
    const { spec } = this.#place
    const { maxBodyBytes } = spec.limits
    const toolbox = createToolbox(
      {
        spec,
        threadId: isMainThread ? 0 : threadId,
        signal: this.#lifetime.signal,
        print: (level, text) => this.#place.send({ kind: 'print', level, text }),
        onDrain: (act) => this.#hooks.add(act),
      },
      listen,
    )
    const server =
      loaded.kind === 'fetch'
        ? await createFetchServer(loaded.fetch, toolbox, maxBodyBytes)
        : await makeServer(loaded.create, toolbox, spec.module.url)
    if (server === undefined) return []
    if (this.#watches.some((watch) => watch.server === server)) {
      const problem = 'the same server for two ports; make a new one in each call'
      throw new LoadError(
        `createServer() of server module ${spec.module.url} returned ${problem}`,
        spec.module.url,
        undefined,
      )
    }
    applyLimits(server, spec.limits)
    return [new ServerWatch(server, spec.limits, loaded.kind !== 'fetch')]
  }

  async #waitUntilHealthy(): Promise<void> {
    const { healthPath, module } = this.#place.spec
    if (healthPath === undefined) return
    if (!this.#watches.every(({ speaksHttp }) => speaksHttp)) {
      const problem = `has a net server, which cannot be asked for the health path '${healthPath}'; leave health.path out`
      throw new LoadError(`server module ${module.url} ${problem}`, module.url, undefined)
    }
    this.#health = new HealthCheck(this.#watches, healthPath)
    await this.#health.waitUntilGood(({ status, reason }) => {
      const text = `not ready: ${healthPath} answers ${status ?? reason}; it is asked again until it answers below 500`
      this.#place.send({ kind: 'print', level: 'warn', text })
    }, this.#lifetime.signal)
  }

  async #listen(): Promise<number[]> {
    const { servers } = this.#place.spec
    let listeners: readonly Server[] = []
    if (servers.some(({ how }) => how === 'adopt')) {
      this.#place.send({ kind: 'loaded' })
      listeners = await this.#adopted.promise
    }
    if (this.#hasEnded) return []
    return Promise.all(this.#watches.map(({ server }, index) => listenAs(server, servers[index]!, listeners[index])))
  }

  /**
   * The successor has died before it could serve with them. A listener that arrives in a thread accepts at once, for
   * nobody: it is taken over before the event loop turns, here as at the start.
   */
  #takeBack(listeners: readonly Server[]): void {
    if (this.#drain !== undefined) return
    listeners.forEach((listener, index) => this.#watches[index]?.server.listen(listener))
  }

  #release(): void {
    const listeners = this.#watches.map(({ server }) => server)
    try {
      this.#place.send({ kind: 'released', listeners }, listeners)
    } catch {
      // Not to be had on this Node; the port is bound by both for a while.
      this.#place.send({ kind: 'released', listeners: [] })
    }
  }

  #startBeats(): void {
    const meter = new BeatMeter()
    this.#beats = { meter, timer: setInterval(() => this.#beat(meter), this.#place.spec.beatMs) }
  }

  #beat(meter: BeatMeter): void {
    const counts = { connections: 0, active: 0, requests: 0 }
    for (const { connections, active, requests } of this.#watches) {
      counts.connections += connections.size
      counts.active += active
      counts.requests += requests
    }
    const health = this.#health?.last
    this.#place.send({ kind: 'beat', beat: { ...meter.read(), ...counts, health } })
    void this.#health?.ask()
  }

  async #end(): Promise<void> {
    if (this.#drain !== undefined || this.#hasEnded) return
    if (!this.#isReady) {
      this.#place.send({ kind: 'drained', cutRequests: 0 })
      return this.#leave(0)
    }
    const { drain, servers } = this.#place.spec
    this.#drain = new Drain(
      this.#watches,
      servers.some(({ how }) => how !== 'inherit'),
    )
    const times = {
      idleGraceMs: Math.min(drain.idleGraceMs, this.#hasCrashed ? CRASH_GRACE_MS : Infinity),
      inFlightMs: Math.min(drain.inFlightMs, this.#hasCrashed ? CRASH_DRAIN_MS : Infinity),
    }
    const cutRequests = await this.#drain.run(
      times,
      () => this.#hooks.run(),
      () => this.#abort(),
    )
    if (this.#hasEnded) return
    this.#place.send({ kind: 'drained', cutRequests })
    this.#leave(this.#hasCrashed ? 1 : 0)
  }

  #fail(error: unknown): void {
    if (this.#hasEnded) return
    this.#place.send({ kind: 'failed', error: encodeError(error, isMainThread) })
    this.#leave(1)
  }

  #leave(exitCode: number): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearInterval(this.#beats?.timer)
    this.#beats?.meter.stop()
    this.#abort()
    for (const watch of this.#watches) watch.destroy()
    this.#place.leave(exitCode)
  }

  #abort(): void {
    this.#lifetime.abort(new DOMException('The worker is to leave', 'AbortError'))
  }
}
