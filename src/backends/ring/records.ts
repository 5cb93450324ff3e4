import type { FromWorker, Program, ResultsMessage, ToWorker, UnitMessage } from '../../protocol/messages.ts'
import type { CursorReader, CursorWriter } from './cursor.ts'
import type { RecordWriter } from './link.ts'
import { measureValues, readValues, writeValues } from './values.ts'

/** Programs that both sides remember. More in turn, and some go through the port again. */
const PROGRAMS = 16

const UNIT_BYTES = 24
const RESULT_BYTES = 40

const MARKS = 1
const TIMED = 2
const FLUSH = 4

/** A unit that went through the port, and the number of its program for those that follow. */
export interface NumberedUnit extends UnitMessage {
  readonly slot: number
}

/** Parent's side: units whose program the worker knows. */
export class UnitWriter implements RecordWriter<ToWorker> {
  readonly #programs: (Program | undefined)[] = new Array<Program | undefined>(PROGRAMS).fill(undefined)
  #oldest = 0

  /** Bytes of the record; `undefined` when the message has to go through the port. */
  measure(message: ToWorker): number | undefined {
    if (message.kind !== 'unit' || message.range !== undefined || !this.#programs.includes(message.program))
      return undefined
    const values = measureValues(message.items)
    return values === undefined ? undefined : UNIT_BYTES + values
  }

  write(message: ToWorker, to: CursorWriter): void {
    const { unit, attempt, program, marks, timed, flush, items } = message as UnitMessage
    to.double(unit)
    to.ints(attempt, this.#programs.indexOf(program))
    to.ints((marks ? MARKS : 0) | (timed ? TIMED : 0) | (flush ? FLUSH : 0), 0)
    writeValues(items, to)
  }

  /** What goes through the port instead: it brings its program, and the number of that. */
  number(message: ToWorker): ToWorker | NumberedUnit {
    if (message.kind !== 'unit' || this.#programs.includes(message.program)) return message
    return { ...message, slot: this.#oldest }
  }

  /** What {@link number} gave was sent: the worker knows the program from now on. */
  confirm(message: ToWorker | NumberedUnit): void {
    if (message.kind !== 'unit' || !('slot' in message)) return
    this.#programs[this.#oldest] = message.program
    this.#oldest = (this.#oldest + 1) % PROGRAMS
  }
}

/** Worker's side. */
export class UnitReader {
  readonly #programs: Program[] = []

  /** A message came through the port. */
  learn(message: ToWorker | NumberedUnit): void {
    if (message.kind === 'unit' && 'slot' in message) this.#programs[message.slot] = message.program
  }

  read(from: CursorReader): ToWorker {
    const unit = from.double()
    const [attempt, slot] = from.ints()
    const [flags] = from.ints()
    const program = this.#programs[slot]!
    const items = readValues(from)
    const marks = (flags & MARKS) !== 0
    return {
      kind: 'unit',
      unit,
      attempt,
      program,
      items,
      marks,
      timed: (flags & TIMED) !== 0,
      flush: (flags & FLUSH) !== 0,
    }
  }
}

/** Answers without failures. */
export class ResultWriter implements RecordWriter<FromWorker> {
  /** Bytes of the record; `undefined` when the message has to go through the port. */
  measure(message: FromWorker): number | undefined {
    if (message.kind !== 'results' || message.failures.length > 0) return undefined
    const values = measureValues(message.values)
    return values === undefined ? undefined : RESULT_BYTES + values
  }

  write(message: FromWorker, to: CursorWriter): void {
    const { unit, attempt, count, last, ms, heapMb, values } = message as ResultsMessage
    to.double(unit)
    to.ints(attempt, count)
    to.ints(last ? 1 : 0, 0)
    to.double(ms)
    to.double(heapMb)
    writeValues(values, to)
  }
}

/** Parent's side. What it gives need not be sound: `isFromWorker` tells. */
export function readResult(from: CursorReader): unknown {
  const unit = from.double()
  const [attempt, count] = from.ints()
  const [last] = from.ints()
  const ms = from.double()
  const heapMb = from.double()
  const values = readValues(from)
  return { kind: 'results', unit, attempt, count, last: last === 1, values, failures: [], ms, heapMb }
}
