import { type Codec, type PackedValues, countPacked, nameCodec, pack, unpack } from '../codec/pack.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import type { DispatchEvent, Instruction, Unit } from '../dispatch/events.ts'
import type { Dispatcher } from '../dispatch/dispatcher.ts'
import type { WireError } from '../protocol/wire-error.ts'
import type { Failure, ResultsMessage } from '../protocol/messages.ts'
import { encodeError } from '../protocol/wire-error.ts'
import { publish } from '../telemetry.ts'
import type { Job } from './job.ts'
import type { WorkerSeat } from './worker-seat.ts'

export interface DriverOptions {
  readonly dispatcher: Dispatcher
  readonly seats: ReadonlyMap<string, WorkerSeat>
  readonly jobs: ReadonlyMap<number, Job>
  readonly isTimed: boolean
  /** Answer after each item: at most once. */
  readonly isFlushed: boolean
  /** How long an aborted unit may go on before its worker is ended. */
  readonly abortGraceMs: Record<'timeout' | 'cancel', number>
  replace(worker: string, isExplained: boolean): void
  /** All events known so far are dealt with. */
  settled(): void
}

/** An answer in the form that instructions refer to. */
interface CurrentAnswer {
  readonly count: number
  readonly ms: number
  readonly values: readonly unknown[]
  readonly failures: readonly { readonly at: number; readonly error: WireError }[]
}

const noAnswer: CurrentAnswer = { count: 0, ms: 0, values: [], failures: [] }

/** Feeds the dispatcher one event after another and carries out what it says, never one inside the other. */
export class Driver {
  readonly #options: DriverOptions
  readonly #events: { readonly event: DispatchEvent; readonly answer: CurrentAnswer }[] = []
  readonly #timers = new Map<string, Set<NodeJS.Timeout>>()
  #isRunning = false

  constructor(options: DriverOptions) {
    this.#options = options
  }

  post(event: DispatchEvent, answer: CurrentAnswer = noAnswer): void {
    this.#events.push({ event, answer })
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        this.#step(next.event, next.answer)
      }
    } finally {
      this.#isRunning = false
    }
    this.#options.settled()
  }

  answer(worker: string, message: ResultsMessage): void {
    const { unit, attempt, count, last, failures, heapMb, ms } = message
    publish('eisenmp:chunk:answered', () => ({ worker, items: count, failed: failures.length, ms }))
    const briefly = failures.map(({ offset, cause }) => ({ offset, cause }))
    if (last) this.#drop(worker, unit)
    this.#countCodec(message.values)
    const answer = { ...message, values: unpack(message.values) }
    this.post({ type: 'results', worker, unit, attempt, count, last, failures: briefly, heapMb }, answer)
  }

  /** How many chunks travelled by which codec, in both directions. */
  readonly codecs: Record<Codec, number> = {
    integers: 0,
    doubles: 0,
    booleans: 0,
    dates: 0,
    strings: 0,
    rows: 0,
    views: 0,
    clone: 0,
  }

  #countCodec(values: PackedValues): void {
    if (countPacked(values) > 0) this.codecs[nameCodec(values)] += 1
  }

  #drop(worker: string, unit: number): void {
    const units = this.held.get(worker)
    const position = units?.indexOf(unit) ?? -1
    if (position >= 0) units!.splice(position, 1)
  }

  /** Units in the hands of each worker, oldest first. */
  readonly held: Map<string, number[]> = new Map()

  #keep(worker: string, unit: number): void {
    const units = this.held.get(worker)
    if (units === undefined) this.held.set(worker, [unit])
    else units.push(unit)
  }

  /** Forgets what was to be done about a worker that is gone. */
  release(worker: string): void {
    for (const timer of this.#timers.get(worker) ?? []) clearTimeout(timer)
    this.#timers.delete(worker)
    this.held.delete(worker)
  }

  #step(event: DispatchEvent, answer: CurrentAnswer): void {
    const instructions = this.#options.dispatcher.step(event)
    if (answer.count > 0) this.#observe(instructions, answer)
    for (const instruction of instructions) this.#carryOut(instruction, answer)
    if ('worker' in event) this.#updateHold(event.worker)
  }

  /** The stream learns how long its items take before it is asked for more. */
  #observe(instructions: readonly Instruction[], { count, ms }: CurrentAnswer): void {
    const settled = instructions.find(({ type }) => type === 'accept' || type === 'reject')
    if (settled === undefined || !('serial' in settled)) return
    this.#options.jobs.get(settled.job)?.observe(settled.serial, count, ms)
  }

  #carryOut(instruction: Instruction, answer: CurrentAnswer): void {
    if ('job' in instruction) this.#serve(instruction, answer)
    else this.#command(instruction)
  }

  #serve(instruction: Extract<Instruction, { readonly job: number }>, answer: CurrentAnswer): void {
    const job = this.#options.jobs.get(instruction.job)
    if (instruction.type === 'pull') job?.pull()
    else if (instruction.type === 'accept') {
      const { serial, from, count, run } = instruction
      const values = cutRun(answer, run)
      if (count > 0 || values.length > 0) job?.accept(serial, from, count, values)
    } else {
      const failure = instruction.failure === undefined ? undefined : answer.failures[instruction.failure]
      job?.reject(instruction, failure?.error)
    }
  }

  #command(instruction: Exclude<Instruction, { readonly job: number }>): void {
    const { worker } = instruction
    const seat = this.#options.seats.get(worker)
    switch (instruction.type) {
      case 'send':
        return this.#send(worker, instruction.unit)
      case 'abort':
        return this.#abort(instruction)
      case 'recall':
        return seat?.send({ kind: 'recall', unit: instruction.unit })
      case 'end':
        return seat?.end()
      case 'stop':
        return seat?.retire()
      default:
        this.release(worker)
        return this.#options.replace(worker, instruction.explained)
    }
  }

  #send(worker: string, unit: Unit): void {
    const { jobs, seats, isTimed: timed, isFlushed: flush } = this.#options
    const { id, attempt, serial, from, count, suspect: marks } = unit
    // While the instructions before were carried out, a source may have aborted another stream, a call, or the pool.
    const described = jobs.get(unit.job)?.describe(serial, from, count)
    if (described === undefined) return this.#settleUnsent(worker, unit, 0, [])
    publish('eisenmp:chunk:sent', () => ({ worker, serial, items: count, attempt }))
    const seat = seats.get(worker)!
    seat.hold(true)
    this.#keep(worker, id)
    try {
      const items = pack(described.items)
      this.#countCodec(items)
      seat.send({ kind: 'unit', unit: id, attempt, ...described, items, marks, timed, flush })
    } catch (error) {
      this.#refuse(worker, unit, error)
    }
  }

  /** What cannot be encoded was not sent; all items of the unit share the reason. */
  #refuse(worker: string, unit: Unit, error: unknown): void {
    const wire = encodeError(error, false)
    const cause = error instanceof RefusedValue ? error.why : 'clone'
    const offsets = Array.from({ length: unit.count }, (_, offset) => offset)
    this.#drop(worker, unit.id)
    this.#settleUnsent(
      worker,
      unit,
      unit.count,
      offsets.map((offset) => ({ offset, cause, at: 0, error: wire })),
    )
  }

  #settleUnsent(worker: string, unit: Unit, count: number, failures: readonly Failure[]): void {
    const event = { type: 'results', worker, unit: unit.id, attempt: unit.attempt, count } as const
    this.post({ ...event, last: true, failures, heapMb: 0 }, { ...noAnswer, failures })
  }

  #abort({ worker, unit, why, offset }: Extract<Instruction, { readonly type: 'abort' }>): void {
    this.#options.seats.get(worker)?.send({ kind: 'abort', unit, offset })
    const timers = this.#timers.get(worker) ?? new Set()
    this.#timers.set(worker, timers)
    const timer = setTimeout(() => {
      timers.delete(timer)
      this.post({ type: 'overdue', worker, unit })
    }, this.#options.abortGraceMs[why])
    timer.unref()
    timers.add(timer)
  }

  /** A worker keeps the program alive only while it holds something. */
  #updateHold(worker: string): void {
    const seat = this.#options.seats.get(worker)
    if (seat?.state === 'ready') seat.hold(this.#options.dispatcher.heldBy(worker) > 0)
  }
}

/** The values of an answer's `run`th stretch between failures. */
function cutRun({ values, failures }: CurrentAnswer, run: number): readonly unknown[] {
  if (failures.length === 0) return values
  const from = run === 0 ? 0 : failures[run - 1]!.at
  const to = run === failures.length ? values.length : failures[run]!.at
  return values.slice(from, to)
}
