import { RefusedValue } from '../../codec/refused-value.ts'
import { snapshot } from '../../codec/snapshot.ts'
import { type Deferred, createDeferred } from '../../internal/deferred.ts'
import type { PrintLevel } from '../../protocol/loop-messages.ts'
import { encodeError } from '../../protocol/wire-error.ts'
import type { InstanceClass } from './find-class.ts'
import { explainNoMethod, findMethod } from './find-method.ts'
import type { CallFailure, FromFleetWorker, ToFleetWorker } from './fleet-messages.ts'
import { type FleetWorker, createInstanceToolbox } from './instance-toolbox.ts'
import { Outlets } from './outlets.ts'

/** What the worker gives its instances. */
export interface InstanceHost {
  readonly makeInstance: InstanceClass
  readonly config: unknown
  readonly worker: FleetWorker
  readonly isPortable: boolean
  send(body: FromFleetWorker): void
  print(level: PrintLevel, text: string): void
}

type Command = Extract<ToFleetWorker, { kind: 'call' }>

/** However long the commands have taken, its `stop()` has this long. */
const MIN_STOP_MS = 1000

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

function findStop(instance: object): (() => unknown) | undefined {
  for (const name of ['stop', Symbol.asyncDispose, Symbol.dispose] as const) {
    const stop = (instance as Record<PropertyKey, unknown>)[name]
    if (typeof stop === 'function') return () => Reflect.apply(stop, instance, []) as unknown
  }
  return undefined
}

/** An instance in its worker: one command at a time, in the order in which they came, from `start()` to `stop()`. */
export class HostedInstance {
  readonly #host: InstanceHost
  readonly #id: number
  readonly name: string
  readonly outlets: Outlets
  readonly #lifetime = new AbortController()
  readonly #queue: Command[] = []
  #instance: object | undefined
  /** What runs: `start()` has no call. */
  #current: { readonly call: number | undefined; controller: AbortController | undefined } | undefined
  /** Somebody waits for the last command to end. */
  #idle: Deferred<void> | undefined
  #stopping: Promise<{ readonly error: unknown } | undefined> | undefined

  constructor(host: InstanceHost, { instance, name, readers }: Extract<ToFleetWorker, { kind: 'create' }>) {
    this.#host = host
    this.#id = instance
    this.name = name
    this.outlets = new Outlets(name, host.isPortable, (reader, value, dropped) =>
      host.send({ kind: 'value', reader, value, dropped }),
    )
    for (const reader of readers) this.outlets.open(reader)
  }

  /** Commands that wait or run. */
  get pending(): number {
    return this.#queue.length + (this.#current === undefined ? 0 : 1)
  }

  /**
   * Makes the instance and starts it, and tells what became of it. Never rejects.
   *
   * @returns `false` when there is none.
   */
  async begin(input: unknown): Promise<boolean> {
    this.#current = { call: undefined, controller: undefined }
    try {
      const toolbox = createInstanceToolbox({
        config: this.#host.config,
        worker: this.#host.worker,
        name: this.name,
        signal: this.#lifetime.signal,
        emit: (channel, value) => this.outlets.emit(channel, value),
        print: (level, text) => this.#host.print(level, text),
        getCallSignal: () => this.#getCallSignal(),
      })
      const instance = new this.#host.makeInstance(input, toolbox)
      const start = (instance as { start?: unknown }).start
      if (typeof start === 'function') await Reflect.apply(start, instance, [])
      this.#instance = instance
      this.#host.send({ kind: 'created', instance: this.#id })
      this.#goOn()
      return true
    } catch (error) {
      this.#host.send({ kind: 'refused', instance: this.#id, error: encodeError(error, this.#host.isPortable) })
      this.#lifetime.abort(error)
      this.#goOn()
      return false
    }
  }

  #getCallSignal(): AbortSignal {
    const current = this.#current
    if (current === undefined) return this.#lifetime.signal
    if (current.controller === undefined) {
      current.controller = new AbortController()
      if (this.#lifetime.signal.aborted) current.controller.abort(this.#lifetime.signal.reason)
    }
    return current.controller.signal
  }

  call(command: Command): void {
    this.#queue.push(command)
    this.#pump()
  }

  cancel(call: number): void {
    const at = this.#queue.findIndex((command) => command.call === call)
    const reason = new DOMException('Nobody waits for this call any more', 'AbortError')
    if (at !== -1) {
      this.#queue.splice(at, 1)
      this.#fail(call, 'cancelled', reason)
    } else if (this.#current?.call === call) {
      this.#current.controller ??= new AbortController()
      this.#current.controller.abort(reason)
    }
  }

  /** What ran has ended. */
  #goOn(): void {
    this.#current = undefined
    this.#pump()
  }

  #pump(): void {
    while (this.#current === undefined && this.#queue.length > 0) this.#run(this.#queue.shift()!)
    if (this.#current === undefined) this.#idle?.resolve()
  }

  #run({ call, method: name, args }: Command): void {
    const instance = this.#instance!
    const method = findMethod(instance, name)
    if (method === undefined) return this.#fail(call, 'unknown', new Error(explainNoMethod(instance, name)))
    this.#current = { call, controller: undefined }
    let result: unknown
    try {
      result = method(...args)
    } catch (error) {
      this.#current = undefined
      return this.#fail(call, 'thrown', error)
    }
    if (!isThenable(result)) {
      this.#current = undefined
      return this.#answer(call, result)
    }
    Promise.resolve(result)
      .then(
        (value) => this.#answer(call, value),
        (error: unknown) => this.#fail(call, 'thrown', error),
      )
      .finally(() => this.#goOn())
      // Nothing above throws; what would is an uncaught error of the worker.
      .catch((error: unknown) => setImmediate(() => throwNow(error)))
  }

  #answer(call: number, result: unknown): void {
    try {
      const { value } = snapshot(result, { root: 'result', portable: this.#host.isPortable })
      this.#host.send({ kind: 'result', call, value })
    } catch (error) {
      this.#fail(call, error instanceof RefusedValue ? error.why : 'thrown', error)
    }
  }

  #fail(call: number, why: CallFailure, error: unknown): void {
    this.#host.send({ kind: 'failed', call, why, error: encodeError(error, this.#host.isPortable) })
  }

  /**
   * Lets the commands end, then stops the instance, both within about `limitMs`, and tells it. Never rejects.
   *
   * @returns What its `stop()` threw.
   */
  stop(limitMs: number): Promise<{ readonly error: unknown } | undefined> {
    this.#stopping ??= this.#stop(limitMs)
    return this.#stopping
  }

  async #stop(limitMs: number): Promise<{ readonly error: unknown } | undefined> {
    const endsAtMs = performance.now() + limitMs
    const reason = new DOMException('The instance is to stop', 'AbortError')
    this.#lifetime.abort(reason)
    this.#current?.controller?.abort(reason)
    this.outlets.end()
    if (this.pending > 0) await settleWithin((this.#idle = createDeferred()).promise, limitMs)
    const late = new Error('the instance was stopped before it came to this call')
    for (const { call } of this.#queue.splice(0)) this.#fail(call, 'ended', late)
    const stop = this.#instance === undefined ? undefined : findStop(this.#instance)
    try {
      const isDone = await settleWithin((async () => stop?.())(), Math.max(MIN_STOP_MS, endsAtMs - performance.now()))
      this.outlets.flush()
      this.#host.send({ kind: 'stopped', instance: this.#id, isLate: !isDone })
      return undefined
    } catch (error) {
      this.outlets.flush()
      this.#host.send({ kind: 'stopped', instance: this.#id, error: encodeError(error, this.#host.isPortable) })
      return { error }
    }
  }
}

function throwNow(error: unknown): never {
  throw error
}

/** `false`: not in time. Rejects as the promise does. */
async function settleWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), limitMs)
  promise.catch(() => {})
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
