import { snapshot } from '../codec/snapshot.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import type { DispatchEvent, Rejection } from '../dispatch/events.ts'
import { EisenmpError, type Ticket } from '../errors.ts'
import { type Deferred, createDeferred } from '../internal/deferred.ts'
import type { Program } from '../protocol/messages.ts'
import type { WireError } from '../protocol/wire-error.ts'
import { publish } from '../telemetry.ts'
import { explainRejection } from './failures.ts'
import type { Job } from './job.ts'
import { describeProgram } from './program.ts'

interface Call {
  readonly program: Program
  /** What the caller gave, for errors; and what travels. */
  readonly given: unknown
  readonly item: unknown
  readonly outcome: Deferred<unknown>
  readonly forget: () => void
}

export interface CallHost {
  post(event: DispatchEvent): void
  readonly isPortable: boolean
}

const JOB_ID = 0

/** All single calls of a pool: a job whose chunks are one item each, added by the callers instead of pulled. */
export class CallJob implements Job {
  readonly id: number = JOB_ID
  readonly #host: CallHost
  readonly #calls = new Map<number, Call>()
  #nextSerial = 0

  constructor(host: CallHost) {
    this.#host = host
    host.post({ type: 'opened', job: JOB_ID, spec: { window: Infinity, ordered: false, pulls: false, splits: false } })
  }

  get size(): number {
    return this.#calls.size
  }

  call(program: Program, given: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    const serial = this.#nextSerial++
    let item: unknown
    try {
      item = snapshot(given, { root: 'item', portable: this.#host.isPortable }).value
    } catch (error) {
      return Promise.reject(this.#explainRefusal(error, program, given, serial))
    }
    const outcome = createDeferred<unknown>()
    const onAbort = (): void => this.#cancel(serial, signal!.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    const forget = (): void => signal?.removeEventListener('abort', onAbort)
    this.#calls.set(serial, { program, given, item, outcome, forget })
    this.#host.post({ type: 'added', job: JOB_ID, serial, count: 1 })
    return outcome.promise
  }

  #explainRefusal(error: unknown, program: Program, item: unknown, serial: number): unknown {
    if (!(error instanceof RefusedValue)) return error
    const code = error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
    const text = `Cannot send the item of ${describeProgram(program)}: ${error.message}`
    return new EisenmpError(code, text, { item, index: 0, ticket: this.#nameTicket(serial), cause: error })
  }

  #nameTicket(serial: number): Ticket {
    return { queue: 'calls', serial }
  }

  #cancel(serial: number, reason: unknown): void {
    this.#take(serial)?.outcome.reject(reason)
    this.#host.post({ type: 'cancelled', job: JOB_ID, serial })
  }

  #take(serial: number): Call | undefined {
    const call = this.#calls.get(serial)
    this.#calls.delete(serial)
    call?.forget()
    return call
  }

  describe(serial: number): { program: Program; items: readonly unknown[] } | undefined {
    const call = this.#calls.get(serial)
    return call === undefined ? undefined : { program: call.program, items: [call.item] }
  }

  accept(serial: number, _from: number, _count: number, values: readonly unknown[]): void {
    this.#take(serial)?.outcome.resolve(values[0])
    this.#host.post({ type: 'consumed', job: JOB_ID, serial })
  }

  reject(rejection: Rejection, wire: WireError | undefined): void {
    const { serial } = rejection
    const call = this.#take(serial)
    this.#host.post({ type: 'consumed', job: JOB_ID, serial })
    if (call === undefined) return
    const tasks = describeProgram(call.program)
    const failed = { item: call.given, index: 0, ticket: this.#nameTicket(serial), tasks }
    const error = explainRejection(rejection, failed, wire)
    publish('eisenmp:item:failed', () => ({ code: error.code, index: error.index, worker: error.worker }))
    call.outcome.reject(error)
  }

  fail(error: unknown): void {
    for (const serial of [...this.#calls.keys()]) this.#cancel(serial, error)
  }

  // Calls are neither pulled nor chunked; those made before a drain run to their end.
  pull(): void {}
  observe(): void {}
  nudge(): void {}
  drain(): void {}

  get isTaken(): boolean {
    return this.#calls.size === 0
  }
}
