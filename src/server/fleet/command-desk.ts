import { EisenmpError, type EisenmpErrorCode } from '../../errors.ts'
import { type Deferred, createDeferred } from '../../internal/deferred.ts'
import { summarizeThrown } from '../../internal/describe-thrown.ts'
import { decodeError } from '../../protocol/wire-error.ts'
import type { CallFailure, FromFleetWorker, ToFleetWorker } from './fleet-messages.ts'
import type { CommandQueueOptions } from './fleet-options.ts'
import type { InstanceRecord } from './instance-record.ts'

/** How long a caller waits. */
export interface CallLimits {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A command that has no outcome yet. */
export interface PendingCall {
  readonly id: number
  readonly record: InstanceRecord
  readonly method: string
  readonly args: readonly unknown[]
  readonly outcome: Deferred<unknown>
  /** Ends the watch over time and signal. */
  release(): void
}

/** What the desk needs of the fleet. */
export interface CommandLink {
  /** Its instance is running, in a worker that takes commands. */
  canTake(record: InstanceRecord): boolean
  send(record: InstanceRecord, body: ToFleetWorker): void
}

const codes: Readonly<Record<CallFailure, EisenmpErrorCode>> = {
  thrown: 'ERR_EISENMP_TASK',
  unknown: 'ERR_EISENMP_UNKNOWN_TASK',
  clone: 'ERR_EISENMP_CLONE',
  size: 'ERR_EISENMP_SIZE',
  cancelled: 'ERR_EISENMP_CLOSED',
  ended: 'ERR_EISENMP_CLOSED',
}

/** Names a command in messages. */
function nameCall({ method, record }: Pick<PendingCall, 'method' | 'record'>): string {
  return `'${method}' of instance '${record.name}'`
}

/**
 * Sends the commands of all instances, each instance's in the order in which they were asked for, and settles each once.
 *
 * An instance with nothing to do gets its next command at once. Those that would wait in a worker behind others of their
 * instance are counted, and no more are sent there than fit: so one that hangs keeps nobody else's commands from being begun.
 */
export class CommandDesk {
  readonly #link: CommandLink
  readonly #limits: Required<CommandQueueOptions>
  /** Sent, without an answer. */
  readonly #sent = new Map<number, PendingCall>()
  /** Of each seat: commands that wait in its worker behind another one. */
  readonly #behind: number[]
  /** Of each seat: running instances with commands that are not sent yet, who has waited longest first. */
  readonly #hungry: Set<InstanceRecord>[]
  #count = 0

  constructor(workers: number, limits: Required<CommandQueueOptions>, link: CommandLink) {
    this.#limits = limits
    this.#link = link
    this.#behind = Array.from({ length: workers }, () => 0)
    this.#hungry = Array.from({ length: workers }, () => new Set())
  }

  /** The arguments MUST be copies. */
  call(
    record: InstanceRecord,
    method: string,
    args: readonly unknown[],
    { timeoutMs, signal }: CallLimits,
  ): Promise<unknown> {
    const id = ++this.#count
    const outcome = createDeferred<unknown>()
    const onAbort = (): void => this.#giveUp(call, signal!.reason)
    const onTimeout = (): void => {
      const text = `Cannot call ${nameCall(call)} within ${timeoutMs} ms: there is no answer yet`
      this.#giveUp(call, new EisenmpError('ERR_EISENMP_TIMEOUT', `${text}; it may still run to its end`))
    }
    const timer = timeoutMs === undefined ? undefined : setTimeout(onTimeout, timeoutMs)
    signal?.addEventListener('abort', onAbort, { once: true })
    const release = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    const call: PendingCall = { id, record, method, args, outcome, release }
    if (record.waiting.length === 0 && this.#fits(record)) this.#send(call)
    else if (this.#limits.whenFull === 'reject' && this.#isFull(record)) this.#refuse(call)
    else {
      record.waiting.push(call)
      if (record.life !== undefined) this.#hungry[record.life.seat]!.add(record)
    }
    return outcome.promise
  }

  #isFull(record: InstanceRecord): boolean {
    return this.#link.canTake(record) || record.waiting.length >= this.#limits.capacity
  }

  #refuse(call: PendingCall): void {
    call.release()
    const text = `Cannot call ${nameCall(call)}: ${this.#limits.capacity} commands wait for its worker (queue.capacity)`
    call.outcome.reject(
      new EisenmpError('ERR_EISENMP_FULL', `${text}; await the calls, or leave out whenFull: 'reject'`),
    )
  }

  #fits(record: InstanceRecord): boolean {
    if (!this.#link.canTake(record)) return false
    return record.sent === 0 || this.#behind[record.life!.seat]! < this.#limits.capacity
  }

  #send(call: PendingCall): void {
    const { record, id, method, args } = call
    if (record.sent > 0) this.#behind[record.life!.seat]! += 1
    record.sent += 1
    this.#sent.set(id, call)
    this.#link.send(record, { kind: 'call', instance: record.id, call: id, method, args })
  }

  /** Sends all that waits for this instance, whether there is room or not: it is about to end. */
  flush(record: InstanceRecord): void {
    if (record.life === undefined) return
    for (const call of record.waiting.splice(0)) this.#send(call)
    this.#hungry[record.life.seat]!.delete(record)
  }

  /** Sends what waits for this instance, as far as there is room. */
  serve(record: InstanceRecord): void {
    while (record.waiting.length > 0 && this.#fits(record)) this.#send(record.waiting.shift()!)
    if (record.life === undefined) return
    if (record.waiting.length === 0) this.#hungry[record.life.seat]!.delete(record)
    else this.#hungry[record.life.seat]!.add(record)
  }

  /** One place has become free: each in turn gets one. */
  #serveOthers(seat: number): void {
    const hungry = this.#hungry[seat]!
    for (const record of [...hungry]) {
      if (this.#behind[seat]! >= this.#limits.capacity) return
      if (!this.#fits(record)) continue
      hungry.delete(record)
      this.#send(record.waiting.shift()!)
      if (record.waiting.length > 0) hungry.add(record)
    }
  }

  #takeBack(call: PendingCall): void {
    const { record } = call
    this.#sent.delete(call.id)
    record.sent -= 1
    if (record.sent > 0) this.#behind[record.life!.seat]! -= 1
  }

  /** A worker has answered. */
  answer(message: Extract<FromFleetWorker, { kind: 'result' | 'failed' }>): void {
    const call = this.#sent.get(message.call)
    if (call === undefined) return
    const { record } = call
    this.#takeBack(call)
    call.release()
    if (message.kind === 'result') call.outcome.resolve(message.value)
    else call.outcome.reject(explainFailure(call, message))
    if (record.sent === 0 && record.waiting.length > 0) this.serve(record)
    if (record.life !== undefined && this.#hungry[record.life.seat]!.size > 0) this.#serveOthers(record.life.seat)
  }

  /** Nobody waits for it any more. What was sent keeps its place until the worker has answered. */
  #giveUp(call: PendingCall, reason: unknown): void {
    call.release()
    call.outcome.reject(reason)
    const { record } = call
    const at = record.waiting.indexOf(call)
    if (at !== -1) record.waiting.splice(at, 1)
    else if (this.#sent.has(call.id)) this.#link.send(record, { kind: 'cancel', instance: record.id, call: call.id })
  }

  /** The instance has ended in its worker: what was sent gets no answer any more. MUST come before its `life` is taken away. */
  lose(record: InstanceRecord, explain: (call: string) => unknown): void {
    if (record.life !== undefined) this.#hungry[record.life.seat]!.delete(record)
    if (record.sent === 0) return
    for (const call of [...this.#sent.values()].filter((sent) => sent.record === record)) {
      this.#takeBack(call)
      call.release()
      call.outcome.reject(explain(nameCall(call)))
    }
  }

  /** What has not been sent will not be. */
  drop(record: InstanceRecord, explain: (call: string) => unknown): void {
    for (const call of record.waiting.splice(0)) {
      call.release()
      call.outcome.reject(explain(nameCall(call)))
    }
  }

  /** Commands without an outcome, of the instances of a seat. */
  count(records: readonly InstanceRecord[]): number {
    return records.reduce((sum, record) => sum + record.sent + record.waiting.length, 0)
  }
}

function explainFailure(call: PendingCall, { why, error }: Extract<FromFleetWorker, { kind: 'failed' }>): EisenmpError {
  const worker = call.record.life?.key
  const cause = decodeError(error, `worker ${worker}`)
  const verb = why === 'clone' || why === 'size' ? 'Cannot return the result of' : 'Cannot call'
  const text = summarizeThrown(cause)
  const shown = why === 'thrown' && !(cause instanceof Error) ? `a value was thrown: ${text}` : text
  return new EisenmpError(codes[why], `${verb} ${nameCall(call)}: ${shown}`, { cause, worker })
}
