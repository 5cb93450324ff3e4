import type { Backend, Placement, WorkerEvents, WorkerExit, WorkerHandle, WorkerSpec } from '../backend.ts'
import type { GoneEvent } from '../dispatch/events.ts'
import { EisenmpError, type WorkerDeath } from '../errors.ts'
import { TailBuffer } from '../internal/tail-buffer.ts'
import type { Mark } from '../protocol/mark.ts'
import type { FromLoop } from '../protocol/loop-messages.ts'
import type { FromWorker, ResultsMessage, ToWorker } from '../protocol/messages.ts'
import { decodeError } from '../protocol/wire-error.ts'
import { LoopGauge, type LoopReading } from '../supervisor/loop-gauge.ts'
import { readClock } from '../internal/clock.ts'
import { publish } from '../telemetry.ts'
import { describeLoading } from './loading-place.ts'
import { WorkerOutput } from './worker-output.ts'

const STDERR_TAIL_BYTES = 64 * 1024
/** V8's last words before it aborts the process. */
const OUT_OF_MEMORY = /^FATAL ERROR: .*out of memory/m
/** A worker that was told to leave, with nothing to do, is ended after this time. */
const LEAVE_DEADLINE_MS = 1000

export type SeatState = 'empty' | 'starting' | 'ready' | 'leaving' | 'ending'

/** What a seat tells the pool. */
export interface SeatEvents {
  ready(seat: WorkerSeat, tasks: readonly string[]): void
  results(seat: WorkerSeat, message: ResultsMessage): void
  /** Something about loops and queues; `false` when it cannot be meant. */
  loop(seat: WorkerSeat, message: FromLoop): boolean
  /** A worker that was ready has ended. */
  gone(seat: WorkerSeat, death: WorkerDeath, evidence: Evidence): void
  /** A worker has ended before it was ready. */
  startFailed(seat: WorkerSeat, error: EisenmpError): void
}

/** What a dead worker leaves of what it was doing. */
export type Evidence = Pick<GoneEvent, 'mark' | 'broken'>

export type SeatSpec = Omit<WorkerSpec, 'id' | 'index' | 'name'> & { readonly startTimeoutMs: number }

/** One of the pool's places for a worker: it starts one after another, and lives through one worker's life at a time. */
export class WorkerSeat {
  readonly index: number
  readonly #backend: Backend
  readonly #spec: SeatSpec
  readonly #events: SeatEvents
  state: SeatState = 'empty'
  /** Starts so far. */
  starts = 0
  /** Failed starts in a row. */
  failedStarts = 0
  answeredItems = 0
  /** The last worker's thread still runs and cannot be stopped. */
  writtenOff = 0
  #handle: WorkerHandle | undefined
  #startError: EisenmpError | undefined
  #violation: string | undefined
  #hasViolatedAtWork = false
  #heldUnits = 0
  #isHeld = false
  /** Loops run in it; whether they keep the program alive. */
  #loopHold: boolean | undefined
  /** Its worker has ended with its loops: the seat stays empty until there is work again. */
  isFinished = false
  #timer: NodeJS.Timeout | undefined
  #stderr = new TailBuffer(STDERR_TAIL_BYTES)
  #gauge = new LoopGauge()

  constructor(index: number, backend: Backend, spec: SeatSpec, events: SeatEvents) {
    this.index = index
    this.#backend = backend
    this.#spec = spec
    this.#events = events
  }

  get workerId(): string {
    return `${this.index}.${this.starts}`
  }

  get name(): string {
    return `eisenmp-${this.index}`
  }

  get identity(): WorkerHandle['identity'] {
    return this.#handle?.identity ?? { pid: 0, threadId: undefined }
  }

  /** What became of the options about where its worker runs. */
  get placement(): Placement | undefined {
    return this.#handle?.placement
  }

  /** Number of the system's thread; 0 when it is none, or not known. */
  get systemThreadId(): number {
    return this.#handle?.vitals()?.systemThreadId ?? 0
  }

  /** How its event loop is getting on; asks it, for the next reading. */
  readLoop(): LoopReading {
    const vitals = this.state === 'ready' ? this.#handle?.vitals() : undefined
    return this.#gauge.read(vitals, readClock(), (serial) => this.send({ kind: 'ping', serial }))
  }

  start(): void {
    this.starts += 1
    this.state = 'starting'
    this.#startError = undefined
    this.#violation = undefined
    this.#hasViolatedAtWork = false
    this.#heldUnits = 0
    this.#isHeld = false
    this.#loopHold = undefined
    this.isFinished = false
    this.#stderr = new TailBuffer(STDERR_TAIL_BYTES)
    this.#gauge = new LoopGauge()
    const { startTimeoutMs, ...spec } = this.#spec
    const id = this.workerId
    this.#timer = setTimeout(() => this.#refuseStart(startTimeoutMs), startTimeoutMs)
    this.#handle = this.#backend.start({ ...spec, id, index: this.index, name: this.name }, this.#listenTo(id))
    this.hold(true)
    publish('eisenmp:worker:started', () => ({ worker: id, index: this.index, pid: this.identity.pid }))
  }

  /** Events of one life; those that come after it has ended are not ours any more. */
  #listenTo(id: string): WorkerEvents {
    const output = new WorkerOutput()
    return {
      message: (message) => this.#take(message),
      violated: (reason) => this.#violate(reason),
      output: (stream, bytes) => {
        if (stream === 'stderr') this.#stderr.push(bytes)
        output.push(stream, bytes)
      },
      gone: (exit) => {
        output.close()
        this.#bury(id, exit)
      },
    }
  }

  #take(message: FromWorker): void {
    // Nothing that comes behind a violation is to be trusted.
    if (this.#violation !== undefined) return
    if (message.kind === 'results') {
      if (message.last) this.#heldUnits -= 1
      if (this.state === 'starting') return this.#violate('it answered before it was ready')
      this.answeredItems += message.count
      return this.#events.results(this, message)
    }
    if (message.kind !== 'ready' && message.kind !== 'startFailed') return this.#takeAside(message)
    if (this.state !== 'starting') return this.#violate('it reported ready twice')
    if (message.kind === 'startFailed') {
      const error = decodeError(message.error, `worker ${this.workerId}`) as Error & { url?: string; cause?: unknown }
      this.#startError = new EisenmpError(
        'ERR_EISENMP_MODULE',
        `Cannot load worker module ${error.url ?? ''}: ${error.message}`,
        {
          cause: error.cause ?? error,
          worker: this.workerId,
        },
      )
      return
    }
    clearTimeout(this.#timer)
    this.state = 'ready'
    this.failedStarts = 0
    this.hold(false)
    this.#events.ready(this, message.tasks)
  }

  /** What comes at any time. */
  #takeAside(message: Exclude<FromWorker, { kind: 'ready' | 'startFailed' | 'results' }>): void {
    if (message.kind === 'heartbeat') {
      const { workerId: worker, index } = this
      return publish('eisenmp:worker:heartbeat', () => ({ ...message.beat, worker, index }))
    }
    if (!this.#events.loop(this, message)) this.#violate('it named a queue that is not there')
  }

  #violate(reason: string): void {
    this.#violation ??= reason
    this.#hasViolatedAtWork ||= this.#heldUnits > 0
    this.end()
  }

  #refuseStart(startTimeoutMs: number): void {
    const { where, repair } = describeLoading(this.#handle?.mark(), this.#spec.modules)
    const text = `Cannot start worker ${this.workerId} within startTimeoutMs: ${startTimeoutMs} ms have passed${where}`
    const mend = `raise startTimeoutMs, or look for ${repair}`
    this.#startError = new EisenmpError('ERR_EISENMP_START', `${text}; ${mend}`, { worker: this.workerId })
    this.end()
  }

  /**
   * @throws RefusedValue when the message cannot be encoded.
   */
  send(message: ToWorker): void {
    this.#handle?.send(message)
    if (message.kind === 'unit') this.#heldUnits += 1
  }

  mark(): Mark | undefined {
    return this.#handle?.mark()
  }

  /** Keeps the program alive for this worker, or no longer. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return
    this.#isHeld = isHeld
    this.#updateHold()
  }

  #updateHold(): void {
    this.#handle?.hold(this.#isHeld || this.#loopHold === true)
  }

  get isLooping(): boolean {
    return this.#loopHold !== undefined
  }

  /** Loops run in it, and keep the program alive or not; `undefined`: none does any more. */
  holdForLoop(isHeld: boolean | undefined): void {
    if (this.#loopHold === isHeld) return
    this.#loopHold = isHeld
    this.#updateHold()
  }

  /** Lets the worker leave by itself. */
  leave(): void {
    if (this.state === 'starting') return this.end()
    this.#askToLeave()
    if (this.state !== 'leaving') return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.end(), LEAVE_DEADLINE_MS)
  }

  /** Lets the worker leave with the end of the calls that its loops are at, however long they take. */
  retire(): void {
    if (this.isLooping) this.#askToLeave()
    else this.leave()
  }

  #askToLeave(): void {
    if (this.state !== 'ready') return
    this.state = 'leaving'
    this.hold(true)
    this.send({ kind: 'stop' })
  }

  end(): void {
    if (this.state === 'empty' || this.state === 'ending') return
    if (this.state === 'starting') this.#startError ??= this.#explainEarlyEnd(this.#explainOwnEnd())
    this.state = 'ending'
    this.hold(true)
    this.#handle?.end()
  }

  #bury(id: string, exit: WorkerExit): void {
    clearTimeout(this.#timer)
    const wasStarting = this.state === 'starting' || this.#startError !== undefined
    // Answers come in order: the oldest unit without one is where it went wrong, wherever the worker has got to since.
    const evidence = { mark: this.#handle?.mark(), broken: this.#hasViolatedAtWork }
    this.state = 'empty'
    this.#handle = undefined
    if (exit.writtenOff === true) this.writtenOff += 1
    const reason = this.#violation === undefined ? this.#explainExit(exit) : this.#explainOwnEnd()
    publish('eisenmp:worker:gone', () => ({ worker: id, index: this.index, reason }))
    if (wasStarting) {
      this.failedStarts += 1
      return this.#events.startFailed(this, this.#startError ?? this.#explainEarlyEnd(reason, exit, evidence.mark))
    }
    const stderr = this.#stderr.toString()
    this.#events.gone(this, { worker: id, code: exit.code, signal: exit.signal, reason, stderr }, evidence)
  }

  #explainOwnEnd(): string {
    return this.#violation === undefined ? 'it was ended' : `it was ended: ${this.#violation}`
  }

  #explainExit({ reason, signal }: WorkerExit): string {
    return signal !== null && OUT_OF_MEMORY.test(this.#stderr.toString()) ? `it ran out of memory: ${reason}` : reason
  }

  #explainEarlyEnd(reason: string, exit?: WorkerExit, mark?: Mark): EisenmpError {
    const stderr = this.#stderr.toString().trim()
    const hint = exit?.code === 13 ? '; a top-level await in its module never resolves' : ''
    const said = stderr === '' ? '' : `; it wrote: ${stderr.slice(-2000)}`
    const death = { worker: this.workerId, code: exit?.code ?? null, signal: exit?.signal ?? null, reason, stderr }
    const details = { worker: this.workerId, deaths: [death] }
    const { where } = describeLoading(mark, this.#spec.modules)
    const text = `Cannot start worker ${this.workerId}: ${reason}${where}${hint}${said}`
    return new EisenmpError(
      'ERR_EISENMP_START',
      text,
      exit?.error === undefined ? details : { ...details, cause: exit.error },
    )
  }
}
