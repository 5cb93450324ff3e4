import { getHeapStatistics } from 'node:v8'
import type { WorkerSpec } from '../../backend.ts'
import { readClock } from '../../internal/clock.ts'
import { VERSION } from '../../internal/version.ts'
import { importTasks } from '../../loader/import-tasks.ts'
import type { Heartbeat } from '../../protocol/heartbeat.ts'
import { LOADING, MARK_IDLE, MARK_LOADING, MARK_UNKNOWN } from '../../protocol/mark.ts'
import type { FromWorker, PingMessage, ToWorker, UnitMessage } from '../../protocol/messages.ts'
import { encodeError } from '../../protocol/wire-error.ts'
import { type RunContext, UnitRun } from './run-unit.ts'
import { SourceCache } from './source-cache.ts'
import { type Activity, WorkerToolbox } from './toolbox.ts'
import { WorkerLoops } from './worker-loops.ts'

/** Where units wait that were sent and not delivered, on a backend that has such a place. */
export interface Inbox {
  /** Delivers what is there. */
  drain(): void
  /** Waits for the next with the thread blocked, at most so long, and delivers it. */
  linger(ms: number): void
  /** Back to the event loop. `false` when there is something to deliver first. */
  rest(): boolean
}

/** How a worker's side of a backend talks and leaves. */
export interface WorkerSide {
  readonly spec: WorkerSpec
  readonly threadId: number
  readonly portable: boolean
  readonly marksAreCheap: boolean
  /** The memory that the mark is in, where it can be written as it is. */
  readonly markBlock?: Float64Array
  /** Resolves when the message can no longer be lost with this worker. */
  send(message: FromWorker): void | Promise<void>
  mark(unit: number, offset: number, startedAtMs: number): void
  readonly inbox?: Inbox
  /** Delivers messages with the thread blocked, until `isDone`. */
  block?(isDone: () => boolean): void
  /** Orderly end: everything sent has arrived. */
  leave(): void
}

// Taken before user code can replace it.
const defer = setImmediate
const PlainPromise = Promise

const HEAP_EVERY_MS = 100
/** Units longer than this gain nothing from being followed by the next one some microseconds sooner. */
const SHORT_UNIT_MS = 1
/** How long a worker that has just been through a short unit waits for the next one, with its timers held up. */
const LINGER_MS = 0.5

/** The worker's side of the protocol, the same for every backend. */
export class WorkerRuntime {
  readonly #side: WorkerSide
  readonly #toolbox: WorkerToolbox
  readonly #loops: WorkerLoops
  readonly #queue: UnitMessage[] = []
  #context: RunContext | undefined
  #running: number | undefined
  /** Units are worked through, or waited for. */
  #isWorking = false
  #isBlocked = false
  #startedAtMs = 0
  /**
   * The event loop has turned since the last unit: the tasks' own timers, and an abort or recall of the next unit, have
   * had their time. A port that always has another message brings them all within one turn.
   */
  #hasTurned = true
  /** The item in work, as far as it is marked. */
  #offset = MARK_UNKNOWN
  #abortedUnit: number | undefined
  #isLeaving = false
  #heap = { at: -Infinity, mb: 0 }

  constructor(side: WorkerSide) {
    this.#side = side
    this.#loops = new WorkerLoops({
      traits: side.spec.queues,
      portable: side.portable,
      send: (message) => void side.send(message),
      block: side.block === undefined ? undefined : (isDone) => this.#block(isDone),
      ended: () => this.#leaveIfDone(),
    })
    const link = this.#loops.createLink(() => this.#describeUnit())
    const heartbeat = (beat: Heartbeat): void => void side.send({ kind: 'heartbeat', beat })
    this.#toolbox = new WorkerToolbox(side.spec, side.threadId, { ...link, heartbeat })
  }

  /** Loads the modules and reports; the caller then feeds messages to {@link take}. */
  async start(): Promise<void> {
    const { spec, portable } = this.#side
    try {
      const tasks = await importTasks(spec.modules, this.#toolbox, (index, step) => {
        this.#side.mark(MARK_LOADING, index, LOADING[step])
      })
      this.#side.mark(MARK_IDLE, MARK_UNKNOWN, 0)
      this.#context = this.#createContext(tasks)
      this.#loops.open(tasks, this.#toolbox)
      await this.#side.send({ kind: 'ready', tasks: [...tasks.keys()], version: VERSION })
    } catch (error) {
      await this.#side.send({ kind: 'startFailed', error: encodeError(error, portable) })
      this.#side.leave()
    }
  }

  take(message: Exclude<ToWorker, PingMessage>): void {
    if (message.kind === 'unit') {
      this.#queue.push(message)
      if (!this.#isWorking && !this.#isBlocked) void this.#work()
    } else if (message.kind === 'abort') this.#abort(message.unit, message.offset)
    else if (message.kind === 'recall') this.#handBack(message.unit)
    else if (message.kind === 'stop') this.#leave()
    else this.#loops.take(message)
  }

  #leave(): void {
    this.#isLeaving = true
    WorkerToolbox.end(this.#toolbox, new DOMException('The worker is to leave', 'AbortError'))
    this.#loops.stopAll()
    this.#leaveIfDone()
  }

  #leaveIfDone(): void {
    if (this.#isLeaving && !this.#isWorking && this.#loops.count === 0) this.#side.leave()
  }

  /** A loop waits with the thread blocked: units come in meanwhile and wait. */
  #block(isDone: () => boolean): void {
    this.#isBlocked = true
    this.#side.block!(isDone)
    this.#isBlocked = false
    if (!this.#isWorking && this.#queue.length > 0) void this.#work()
    else this.rest()
  }

  #describeUnit(): Activity | undefined {
    if (this.#running === undefined) return undefined
    return { task: 'items', ticket: undefined, forMs: readClock() - this.#startedAtMs }
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    do {
      this.#startedAtMs = readClock()
      await this.#workThrough()
      if (this.#isLeaving || this.#side.inbox === undefined) break
      const wasShort = readClock() - this.#startedAtMs < SHORT_UNIT_MS && this.#loops.count === 0
      await this.#look(this.#side.inbox, wasShort)
    } while (this.#queue.length > 0)
    this.#isWorking = false
    WorkerToolbox.rest(this.#toolbox)
    if (this.#isLeaving) return this.#leaveIfDone()
    // Most units come later than this, and need not wait for it.
    if (!this.#hasTurned) void this.#turn()
    this.rest()
  }

  async #workThrough(): Promise<void> {
    while (this.#queue.length > 0) {
      if (!this.#hasTurned) await this.#turn()
      const unit = this.#queue.shift()
      // Handed back meanwhile.
      if (unit === undefined) return
      this.#running = unit.unit
      await new UnitRun(unit, this.#context!).run()
      this.#running = undefined
      this.#hasTurned = false
    }
  }

  async #turn(): Promise<void> {
    await new PlainPromise<void>((resolve) => defer(resolve))
    this.#hasTurned = true
  }

  /** Takes what has come in; after a short unit also what comes in now, without a turn of the event loop for it. */
  async #look(inbox: Inbox, wasShort: boolean): Promise<void> {
    inbox.drain()
    if (!wasShort) return
    await this.#turn()
    if (this.#queue.length === 0 && !this.#isLeaving) inbox.linger(LINGER_MS)
  }

  /** Nothing is in work: what is sent from now on has to wake the event loop. */
  rest(): void {
    // What is found in the inbox may put the worker to work, which ends in another rest.
    while (!this.#isWorking && !this.#isBlocked && this.#side.inbox?.rest() === false) this.#side.inbox.drain()
  }

  #abort(unit: number, offset: number): void {
    if (unit !== this.#running) return this.#handBack(unit)
    // The answer for that item may have crossed the message; another one must not be hit.
    if (offset !== MARK_UNKNOWN && offset !== this.#offset) return
    this.#abortedUnit = unit
    WorkerToolbox.abort(this.#toolbox, new DOMException('This operation was aborted', 'AbortError'))
  }

  /** Gives back a unit that was not started. */
  #handBack(unit: number): void {
    const position = this.#queue.findIndex((waiting) => waiting.unit === unit)
    if (position < 0) return
    const [{ attempt }] = this.#queue.splice(position, 1) as [UnitMessage]
    const nothing = { count: 0, last: true, values: [], failures: [], ms: 0, heapMb: 0 }
    void this.#side.send({ kind: 'results', unit, attempt, ...nothing })
  }

  #readHeapMb(): number {
    const now = readClock()
    if (now - this.#heap.at > HEAP_EVERY_MS) this.#heap = { at: now, mb: getHeapStatistics().used_heap_size / 2 ** 20 }
    return this.#heap.mb
  }

  #createContext(tasks: ReadonlyMap<string, unknown>): RunContext {
    const side = this.#side
    return {
      tasks,
      toolbox: this.#toolbox,
      portable: side.portable,
      marksAreCheap: side.marksAreCheap,
      markBlock: side.markBlock,
      sources: new SourceCache(),
      mark: (unit, offset, startedAtMs) => {
        this.#offset = offset
        side.mark(unit, offset, startedAtMs)
      },
      now: readClock,
      heapMb: () => this.#readHeapMb(),
      answer: (message) => side.send(message),
      isAborted: () => this.#abortedUnit !== undefined && this.#abortedUnit === this.#running,
    }
  }
}
