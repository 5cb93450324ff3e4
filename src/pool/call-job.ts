import { snapshot } from '../codec/snapshot.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import type { DispatchEvent, Rejection } from '../dispatch/events.ts'
import { EisenmpError, type Ticket } from '../errors.ts'
import type { Program } from '../protocol/messages.ts'
import type { WireError } from '../protocol/wire-error.ts'
import { publish } from '../telemetry.ts'
import { type Call, CallQueue } from './call-queue.ts'
import { explainRejection } from './failures.ts'
import type { Job } from './job.ts'
import { describeProgram } from './program.ts'

export interface CallHost {
  post(event: DispatchEvent): void
  countWorkers(): number
  readonly isPortable: boolean
}

/** Calls that travel as one chunk. */
interface Group {
  readonly program: Program
  readonly calls: readonly Call[]
  /** Without an outcome. */
  open: number
}

const JOB_ID = 0

/**
 * All single calls of a pool: a job whose chunks are the calls that wait when a worker is free. Those of one turn go out
 * together at its end; each has an outcome of its own.
 */
export class CallJob implements Job {
  readonly id: number = JOB_ID
  readonly #host: CallHost
  readonly #queue: CallQueue
  readonly #groups = new Map<number, Group>()
  #nextCall = 0
  #nextSerial = 0
  /** The dispatcher has asked for a chunk and has not got it. */
  #isPulled = false
  #isScheduled = false
  /** Nothing is asked for any more: what is called goes out at once. */
  #isDraining = false

  constructor(host: CallHost) {
    this.#host = host
    this.#queue = new CallQueue(() => host.countWorkers())
    host.post({ type: 'opened', job: JOB_ID, spec: { window: Infinity, ordered: false, pulls: true, splits: false } })
  }

  /** Calls without an outcome. */
  get size(): number {
    let size = this.#queue.size
    for (const { open } of this.#groups.values()) size += open
    return size
  }

  call(program: Program, given: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    const number = this.#nextCall++
    let item: unknown
    try {
      item = snapshot(given, { root: 'item', portable: this.#host.isPortable }).value
    } catch (error) {
      return Promise.reject(this.#explainRefusal(error, program, given, number))
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const call: Call = { number, program, given, item, isAlone: signal !== undefined, resolve, reject, isOver: false }
    if (signal !== undefined) this.#watch(call, signal)
    this.#queue.push(call)
    if (this.#isPulled || this.#isDraining) this.#schedule()
    return promise
  }

  #watch(call: Call, signal: AbortSignal): void {
    const { resolve, reject } = call
    const onAbort = (): void => this.#cancel(call, signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const forget = (): void => signal.removeEventListener('abort', onAbort)
    call.resolve = (value) => {
      forget()
      resolve(value)
    }
    call.reject = (reason) => {
      forget()
      reject(reason)
    }
  }

  #explainRefusal(error: unknown, program: Program, item: unknown, number: number): unknown {
    if (!(error instanceof RefusedValue)) return error
    const code = error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
    const text = `Cannot send the item of ${describeProgram(program)}: ${error.message}`
    return new EisenmpError(code, text, { item, index: 0, ticket: this.#nameTicket(number), cause: error })
  }

  #nameTicket(serial: number): Ticket {
    return { queue: 'calls', serial }
  }

  pull(): void {
    this.#isPulled = true
    if (this.#queue.size > 0) this.#schedule()
  }

  /** At the end of the turn: calls that follow each other, also those that wait for answers just come in, meet there. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#sendWaiting()
    })
  }

  #sendWaiting(): void {
    while (this.#isPulled || this.#isDraining) {
      const calls = this.#queue.take()
      if (calls.length === 0) return
      this.#isPulled = false
      const [{ program }] = calls as [Call]
      const serial = this.#nextSerial++
      const count = calls.length
      this.#groups.set(serial, { program, calls, open: count })
      const expectedMs = this.#queue.expectedMs(program, count)
      this.#host.post({ type: 'added', job: JOB_ID, serial, count, expectedMs })
    }
  }

  /** Only calls that are alone can be cancelled. */
  #cancel(call: Call, reason: unknown): void {
    if (call.isOver) return
    const group = [...this.#groups].find(([, { calls }]) => calls[0] === call)
    if (group === undefined) this.#queue.drop(call)
    else this.#groups.delete(group[0])
    call.isOver = true
    call.reject(reason)
    if (group !== undefined) this.#host.post({ type: 'cancelled', job: JOB_ID, serial: group[0] })
  }

  describe(serial: number, from: number, count: number): { program: Program; items: readonly unknown[] } | undefined {
    const group = this.#groups.get(serial)
    if (group === undefined) return undefined
    return { program: group.program, items: group.calls.slice(from, from + count).map(({ item }) => item) }
  }

  accept(serial: number, from: number, count: number, values: readonly unknown[]): void {
    const group = this.#groups.get(serial)
    if (group === undefined) return
    for (let i = 0; i < count; i++) {
      const call = group.calls[from + i]!
      call.isOver = true
      call.resolve(values[i])
    }
    this.#settle(serial, group, count)
  }

  reject(rejection: Rejection, wire: WireError | undefined): void {
    const { serial, index } = rejection
    const group = this.#groups.get(serial)
    if (group === undefined) return
    const call = group.calls[index]!
    const { given: item, number, program } = call
    const failed = { item, index: 0, ticket: this.#nameTicket(number), tasks: describeProgram(program) }
    const error = explainRejection(rejection, failed, wire)
    publish('eisenmp:item:failed', () => ({ code: error.code, index: error.index, worker: error.worker }))
    call.isOver = true
    call.reject(error)
    this.#settle(serial, group, 1)
  }

  #settle(serial: number, group: Group, count: number): void {
    group.open -= count
    if (group.open > 0) return
    this.#groups.delete(serial)
    this.#host.post({ type: 'consumed', job: JOB_ID, serial })
  }

  fail(error: unknown): void {
    const groups = [...this.#groups]
    this.#groups.clear()
    for (const [serial, { calls }] of groups) {
      for (const call of calls) this.#end(call, error)
      this.#host.post({ type: 'cancelled', job: JOB_ID, serial })
    }
    for (let calls = this.#queue.take(); calls.length > 0; calls = this.#queue.take()) {
      for (const call of calls) this.#end(call, error)
    }
  }

  #end(call: Call, error: unknown): void {
    if (call.isOver) return
    call.isOver = true
    call.reject(error)
  }

  observe(serial: number, count: number, ms: number): void {
    const group = this.#groups.get(serial)
    if (group !== undefined) this.#queue.observe(group.program, count, ms)
  }

  /** What was called before a drain runs to its end. */
  drain(): void {
    this.#isDraining = true
    this.#sendWaiting()
  }

  // Calls go out when they are pulled.
  nudge(): void {}

  get isTaken(): boolean {
    return this.size === 0
  }
}
