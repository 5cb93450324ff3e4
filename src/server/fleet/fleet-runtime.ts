import { inspect } from 'node:util'
import { isMainThread } from 'node:worker_threads'
import { readSystemThreadId } from '../../backends/entries/vitals-writer.ts'
import { freezeDeep } from '../../internal/freeze-deep.ts'
import { importModule } from '../../loader/import-tasks.ts'
import { encodeError } from '../../protocol/wire-error.ts'
import { BeatMeter } from '../runtime/beat-meter.ts'
import type { ServicePlace, ServiceRuntime, ToService } from '../service-messages.ts'
import { findClass } from './find-class.ts'
import type { ToFleetWorker } from './fleet-messages.ts'
import { HostedInstance, type InstanceHost } from './hosted-instance.ts'
import { describeWorker } from './instance-toolbox.ts'

/** After an uncaught error the state of the worker is not to be trusted for long. */
const CRASH_STOP_MS = 500

/** What runs in a worker of a fleet: makes instances of the module's class, and gives them their commands. */
export class FleetRuntime implements ServiceRuntime {
  readonly #place: ServicePlace
  readonly #instances = new Map<number, HostedInstance>()
  #host: InstanceHost | undefined
  #beats: { readonly meter: BeatMeter; readonly timer: NodeJS.Timeout } | undefined
  #calls = 0
  #hasCrashed = false
  #isEnding = false
  #hasEnded = false

  constructor(place: ServicePlace) {
    this.#place = place
  }

  async start(): Promise<void> {
    const { spec, send } = this.#place
    try {
      const makeInstance = findClass(await importModule(spec.module.url), spec.module)
      if (this.#hasEnded) return
      this.#host = {
        makeInstance,
        config: freezeDeep(spec.config),
        worker: describeWorker(spec),
        isPortable: isMainThread,
        send: (body) => send({ kind: 'custom', body }),
        print: (level, text) => send({ kind: 'print', level, text }),
      }
      send({ kind: 'ready', ports: [], systemThreadId: isMainThread ? 0 : readSystemThreadId() })
      const meter = new BeatMeter()
      this.#beats = { meter, timer: setInterval(() => this.#beat(meter), spec.beatMs) }
    } catch (error) {
      this.#fail(error)
    }
  }

  take(message: Exclude<ToService, { kind: 'init' }>): void {
    if (message.kind === 'drain') void this.#end()
    else if (message.kind === 'custom' && this.#host !== undefined)
      this.#obey(message.body as ToFleetWorker, this.#host)
  }

  #obey(order: ToFleetWorker, host: InstanceHost): void {
    if (order.kind === 'create') return this.#create(order, host)
    const instance = this.#instances.get(order.instance)
    // What is on its way to an instance that has just ended; the owner knows by its end.
    if (instance === undefined) return
    switch (order.kind) {
      case 'call':
        this.#calls += 1
        return instance.call(order)
      case 'cancel':
        return instance.cancel(order.call)
      case 'stop':
        return void this.#stop(order.instance, instance)
      case 'subscribe':
        return instance.outlets.open(order.reader)
      case 'unsubscribe':
        return instance.outlets.close(order.reader)
      case 'credit':
        return instance.outlets.give(order.reader, order.count)
    }
  }

  #create(order: Extract<ToFleetWorker, { kind: 'create' }>, host: InstanceHost): void {
    if (this.#isEnding) return
    const hosted = new HostedInstance(host, order)
    this.#instances.set(order.instance, hosted)
    void hosted.begin(order.input).then((isThere) => {
      if (!isThere) this.#instances.delete(order.instance)
    })
  }

  async #stop(id: number, hosted: HostedInstance): Promise<void> {
    await hosted.stop(this.#place.spec.drain.inFlightMs)
    this.#instances.delete(id)
  }

  /** Nobody waits for its end, so what goes wrong is printed. */
  async #stopUnasked(hosted: HostedInstance, limitMs: number): Promise<void> {
    const thrown = await hosted.stop(limitMs)
    if (thrown === undefined) return
    const text = `stop() of instance '${hosted.name}' threw: ${inspect(thrown.error)}`
    this.#place.send({ kind: 'print', level: 'error', text })
  }

  #beat(meter: BeatMeter): void {
    const active = [...this.#instances.values()].reduce((sum, { pending }) => sum + pending, 0)
    this.#place.send({
      kind: 'beat',
      beat: { ...meter.read(), connections: this.#instances.size, active, requests: this.#calls },
    })
  }

  crash(error: unknown): void {
    if (this.#hasEnded) return
    if (this.#host === undefined) return this.#fail(error)
    if (this.#hasCrashed) return this.#leave(1)
    this.#hasCrashed = true
    this.#place.send({ kind: 'failing', error: encodeError(error, isMainThread) })
    if (!this.#isEnding) void this.#end()
    else setTimeout(() => this.#leave(1), CRASH_STOP_MS)
  }

  /** Stops all instances, side by side. */
  async #end(): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    const limitMs = this.#hasCrashed ? CRASH_STOP_MS : this.#place.spec.drain.inFlightMs
    // One more time at the end of a crash: its stop() has at least a second.
    if (this.#hasCrashed) setTimeout(() => this.#leave(1), 2 * CRASH_STOP_MS)
    await Promise.all([...this.#instances.values()].map((hosted) => this.#stopUnasked(hosted, limitMs)))
    if (this.#hasEnded) return
    this.#place.send({ kind: 'drained', cutRequests: 0 })
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
    this.#place.leave(exitCode)
  }
}
