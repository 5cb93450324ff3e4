import type { Program } from '../protocol/messages.ts'
import { ChunkSizer } from '../stream/chunk-size.ts'

/** One `run()` that has no outcome yet. */
export interface Call {
  /** Counts the calls of a pool from 0. */
  readonly number: number
  readonly program: Program
  /** What the caller gave, for errors; and what travels. */
  readonly given: unknown
  readonly item: unknown
  /** It can be cancelled, so it shares its unit with no other. */
  readonly isAlone: boolean
  resolve(value: unknown): void
  reject(reason: unknown): void
  isOver: boolean
}

/** Calls of one task, oldest first. */
interface Line {
  readonly sizer: ChunkSizer
  calls: Call[]
  /** Those before it are gone. */
  head: number
  /** Behind the head, but over. */
  over: number
}

/**
 * Calls that travel together hold each other up by no more than this: far less than a chunk of a stream, since each has
 * somebody who waits for it alone.
 */
const LIMITS = { targetMs: 1, maxItems: 256, maxBytes: Infinity }
/** To divide what takes less than this costs each part a wake-up that takes nearly as long. */
const PACE = { first: 1, min: 1, growth: 4, tailMs: 0.1, isPatient: false }
/** Up to here, dead slots are cheaper than a clean-up. */
const SPARE_SLOTS = 64

/** Calls that wait for a worker. Those of one task keep their order and, when they are short, travel together; tasks take turns. */
export class CallQueue {
  readonly #countWorkers: () => number
  /** One for each task ever called, so that its time is known when it is called again. In turn. */
  readonly #lines = new Map<Program, Line>()
  #size = 0

  constructor(countWorkers: () => number) {
    this.#countWorkers = countWorkers
  }

  get size(): number {
    return this.#size
  }

  push(call: Call): void {
    let line = this.#lines.get(call.program)
    if (line === undefined) {
      line = { sizer: new ChunkSizer(LIMITS, this.#countWorkers, PACE), calls: [], head: 0, over: 0 }
      this.#lines.set(call.program, line)
    }
    line.calls.push(call)
    this.#size += 1
  }

  /** A call that waits here is over before it was taken. */
  drop(call: Call): void {
    const line = this.#lines.get(call.program)!
    call.isOver = true
    line.over += 1
    this.#size -= 1
    if (line.over <= line.calls.length / 2 + SPARE_SLOTS) return
    line.calls = line.calls.slice(line.head).filter(({ isOver }) => !isOver)
    line.head = 0
    line.over = 0
  }

  /** Calls that go out together now; none when none waits. All are of one task. */
  take(): Call[] {
    if (this.#size === 0) return []
    for (const [program, line] of this.#lines) {
      const waiting = line.calls.length - line.head - line.over
      if (waiting === 0) continue
      this.#lines.delete(program)
      this.#lines.set(program, line)
      const calls = this.#cut(line, line.sizer.next(waiting))
      this.#size -= calls.length
      return calls
    }
    return []
  }

  #cut(line: Line, size: number): Call[] {
    const taken: Call[] = []
    while (taken.length < size && line.head < line.calls.length) {
      const call = line.calls[line.head]!
      if (call.isOver) line.over -= 1
      else if (call.isAlone && taken.length > 0) break
      else taken.push(call)
      line.head += 1
      if (taken[0]?.isAlone === true) break
    }
    if (line.head === line.calls.length || line.head > line.calls.length / 2 + SPARE_SLOTS) {
      line.calls = line.calls.slice(line.head)
      line.head = 0
    }
    return taken
  }

  /** Learns how long calls of a task take. */
  observe(program: Program, count: number, ms: number): void {
    this.#lines.get(program)?.sizer.observe(count, ms)
  }

  /** What so many calls of a task will take, when anything is known. */
  expectedMs(program: Program, count: number): number | undefined {
    return this.#lines.get(program)?.sizer.expectedMs(count)
  }
}
