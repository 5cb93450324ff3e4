import type { Program } from '../../protocol/messages.ts'
import type { Progression } from '../../stream/indexed-source.ts'
import type { Answer } from './answer.ts'
import { type Fold, type Pipeline, type Task, isThenable } from './pipeline.ts'
import type { WorkerToolbox } from './toolbox.ts'

/** Items that stand in a row, and the place of each in its unit. */
export interface Stretch {
  readonly items: readonly unknown[]
  /** The items are these numbers, and nothing is in `items`: counting costs less than reading what was made. */
  readonly progression?: Progression | undefined
  /** Left out: they follow each other from `base` on. */
  readonly offsets: readonly number[] | undefined
  readonly base: number
}

function itemAt({ items, progression }: Stretch, at: number): unknown {
  return progression === undefined ? items[at] : toFirst(progression, at)
}

export function offsetAt({ offsets, base }: Stretch, at: number): number {
  return offsets === undefined ? base + at : offsets[at]!
}

/** What a worker needs to go through many short items. */
export interface LoopParts {
  readonly program: Program
  readonly tasks: ReadonlyMap<string, unknown>
  readonly toolbox: WorkerToolbox
  readonly pipeline: Pipeline
  readonly answer: Answer
  /** The worker's mark, or a block that nobody reads. */
  readonly mark: Float64Array
}

function toFirst(progression: Progression | undefined, at: number): number {
  return progression === undefined ? 0 : progression.first + at * progression.step
}

function toStep(progression: Progression | undefined): number {
  return progression === undefined ? 0 : progression.step
}

const DROPPED = Symbol('dropped')
const PENDING = Symbol('pending')

/**
 * Works through items with as little as possible between two of them: a loop, the call, and the mark. What fails, or
 * gives a promise, leaves the loop.
 */
export class TightLoop {
  /** The first item that is not through. */
  at = 0
  readonly #parts: LoopParts
  readonly #calls: readonly Task[]
  readonly #keeps: readonly boolean[]
  readonly #fold: Fold | undefined
  /** The task, where one maps and nothing else is done. */
  readonly #onlyMap: Task | undefined
  #pending: PromiseLike<unknown> | undefined
  readonly #run: (stretch: Stretch, to: number) => PromiseLike<unknown> | undefined

  constructor(parts: LoopParts) {
    this.#parts = parts
    const { stages, sink } = parts.program
    this.#calls = stages.map(({ task }) => parts.tasks.get(task) as Task)
    this.#keeps = stages.map(({ kind }) => kind === 'filter')
    const isSimple = stages.every(({ kind }) => kind === 'map' || kind === 'filter')
    this.#onlyMap = stages.length === 1 && stages[0]!.kind === 'map' ? this.#calls[0] : undefined
    this.#fold = sink.kind === 'reduce' ? (parts.tasks.get(sink.task) as Fold) : undefined
    if (sink.kind === 'count' && stages.length === 1 && this.#keeps[0] === true) this.#run = this.#countKept
    else if (sink.kind === 'reduce' && isSimple) this.#run = this.#reduce
    else this.#run = isSimple ? this.#runSimple : this.#runAny
  }

  /**
   * Works from {@link at} on, at the latest up to `to`. A promise is that of the item at `at`, which then is not through;
   * a failure is part of the answer.
   *
   * @param answered - Offset in the unit where the current answer begins.
   */
  run(stretch: Stretch, to: number, answered: number): PromiseLike<unknown> | undefined {
    while (this.at < to) {
      try {
        return this.#run(stretch, to)
      } catch (error) {
        this.#parts.answer.fail(offsetAt(stretch, this.at) - answered, error)
        this.at += 1
      }
    }
    return undefined
  }

  // In each loop the next number of a progression is made by adding, where there is one.

  #countKept(stretch: Stretch, to: number): PromiseLike<unknown> | undefined {
    const { toolbox, mark, answer, pipeline } = this.#parts
    const { items, offsets, base, progression } = stretch
    const task = this.#calls[0]!
    const step = toStep(progression)
    let n = toFirst(progression, this.at)
    let kept = 0
    let i = this.at
    try {
      for (; i < to; i++, n += step) {
        mark[1] = offsets === undefined ? base + i : offsets[i]!
        const item = progression === undefined ? items[i] : n
        const keeps = task(item, toolbox)
        if (keeps === true) kept += 1
        else if (keeps === false) continue
        else if (isThenable(keeps)) return pipeline.resume(0, item, keeps, answer.emit)
        else if (keeps) kept += 1
      }
      return undefined
    } finally {
      this.at = i
      answer.addCount(kept)
      answer.begin()
    }
  }

  #reduce(stretch: Stretch, to: number): PromiseLike<unknown> | undefined {
    const { toolbox, mark, answer, pipeline } = this.#parts
    // Nothing to fold with: the first value is the partial result.
    if (answer.partial === undefined) return this.#runSimple(stretch, this.at + 1)
    const { items, offsets, base, progression } = stretch
    const fold = this.#fold!
    const map = this.#onlyMap
    const step = toStep(progression)
    let n = toFirst(progression, this.at)
    let partial = answer.partial.value
    let i = this.at
    try {
      for (; i < to; i++, n += step) {
        mark[1] = offsets === undefined ? base + i : offsets[i]!
        const item = progression === undefined ? items[i] : n
        const value = map === undefined ? this.#pass(item) : map(item, toolbox)
        if (value === DROPPED) continue
        if (value === PENDING) return this.#pending
        if (map !== undefined && isThenable(value)) return pipeline.resume(0, item, value, answer.emit)
        const folded = fold(partial, value, toolbox)
        if (isThenable(folded)) return answer.awaitPartial(folded)
        partial = folded
      }
      return undefined
    } finally {
      this.at = i
      answer.keepPartial(partial)
      answer.begin()
    }
  }

  #runSimple(stretch: Stretch, to: number): PromiseLike<unknown> | undefined {
    const { mark, answer, program } = this.#parts
    const { items, offsets, base, progression } = stretch
    const isCount = program.sink.kind === 'count'
    const step = toStep(progression)
    let n = toFirst(progression, this.at)
    let counted = 0
    let i = this.at
    try {
      for (; i < to; i++, n += step) {
        mark[1] = offsets === undefined ? base + i : offsets[i]!
        const value = this.#pass(progression === undefined ? items[i] : n)
        if (value === DROPPED) continue
        if (value === PENDING) return this.#pending
        if (isCount) counted += 1
        else answer.emit(value)
      }
      return undefined
    } finally {
      this.at = i
      if (counted > 0) answer.addCount(counted)
      answer.begin()
    }
  }

  /** Sends one item through all stages, as long as they are synchronous. */
  #pass(item: unknown): unknown {
    const { toolbox, answer, pipeline } = this.#parts
    const calls = this.#calls
    const keeps = this.#keeps
    let value = item
    for (let stage = 0; stage < calls.length; stage++) {
      const call = calls[stage]!
      const result = call(value, toolbox)
      if (typeof result === 'object' && isThenable(result)) {
        this.#pending = pipeline.resume(stage, value, result, answer.emit)
        return PENDING
      }
      if (keeps[stage] !== true) value = result
      else if (!result) return DROPPED
    }
    return value
  }

  #runAny(stretch: Stretch, to: number): PromiseLike<unknown> | undefined {
    const { mark, answer, pipeline } = this.#parts
    for (; this.at < to; this.at++) {
      mark[1] = offsetAt(stretch, this.at)
      answer.begin()
      const pending = pipeline.run(itemAt(stretch, this.at), answer.emit)
      if (isThenable(pending)) return pending
    }
    return undefined
  }
}
