import type { Program } from '../../protocol/messages.ts'
import type { Answer } from './answer.ts'
import { type Pipeline, type Task, isThenable } from './pipeline.ts'
import type { WorkerToolbox } from './toolbox.ts'

/** Items that stand in a row, and the place of each in its unit. */
export interface Stretch {
  readonly items: readonly unknown[]
  /** Left out: they follow each other from `base` on. */
  readonly offsets: readonly number[] | undefined
  readonly base: number
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
  #pending: PromiseLike<unknown> | undefined
  readonly #run: (stretch: Stretch, to: number) => PromiseLike<unknown> | undefined

  constructor(parts: LoopParts) {
    this.#parts = parts
    const { stages, sink } = parts.program
    this.#calls = stages.map(({ task }) => parts.tasks.get(task) as Task)
    this.#keeps = stages.map(({ kind }) => kind === 'filter')
    const isSimple = stages.every(({ kind }) => kind === 'map' || kind === 'filter')
    const isCount = sink.kind === 'count'
    if (isCount && stages.length === 1 && this.#keeps[0] === true) this.#run = this.#countKept
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

  #countKept(stretch: Stretch, to: number): PromiseLike<unknown> | undefined {
    const { toolbox, mark, answer, pipeline } = this.#parts
    const { items, offsets, base } = stretch
    const task = this.#calls[0]!
    let kept = 0
    let i = this.at
    try {
      for (; i < to; i++) {
        mark[1] = offsets === undefined ? base + i : offsets[i]!
        const keeps = task(items[i], toolbox)
        if (keeps === true) kept += 1
        else if (keeps === false) continue
        else if (isThenable(keeps)) return pipeline.resume(0, items[i], keeps, answer.emit)
        else if (keeps) kept += 1
      }
      return undefined
    } finally {
      this.at = i
      answer.addCount(kept)
      answer.begin()
    }
  }

  #runSimple(stretch: Stretch, to: number): PromiseLike<unknown> | undefined {
    const { mark, answer, program } = this.#parts
    const { items, offsets, base } = stretch
    const isCount = program.sink.kind === 'count'
    let counted = 0
    let i = this.at
    try {
      for (; i < to; i++) {
        mark[1] = offsets === undefined ? base + i : offsets[i]!
        const value = this.#pass(items[i])
        if (value === DROPPED) continue
        if (value === PENDING) return this.#pending
        if (isCount) counted += 1
        else if ((this.#pending = answer.emit(value) as PromiseLike<unknown> | undefined) !== undefined)
          return this.#pending
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
      const pending = pipeline.run(stretch.items[this.at], answer.emit)
      if (isThenable(pending)) return pending
    }
    return undefined
  }
}
