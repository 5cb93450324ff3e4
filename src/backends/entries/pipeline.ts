import type { Stage } from '../../protocol/messages.ts'
import type { WorkerToolbox } from './toolbox.ts'

/** An exported function of a worker module. */
export type Task = (item: unknown, toolbox: WorkerToolbox) => unknown
/** A task of two values, for `reduce`. */
export type Fold = (left: unknown, right: unknown, toolbox: WorkerToolbox) => unknown

type Emit = (value: unknown) => unknown

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

const PlainPromise = Promise

/** Somebody else's `then` may call back twice, or throw; a promise settles once. */
export function adopt(pending: PromiseLike<unknown>): PromiseLike<unknown> {
  const isPlain = Object.getPrototypeOf(pending) === PlainPromise.prototype && !Object.hasOwn(pending, 'then')
  return isPlain ? pending : new PlainPromise((resolve) => resolve(pending))
}

function explainNotIterable(task: string, value: unknown): TypeError {
  const given = value === null ? 'null' : typeof value
  return new TypeError(
    `Task '${task}' in flatMap() must return an iterable: it returned ${given}; return [value] instead`,
  )
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.iterator in value || Symbol.asyncIterator in value
}

/**
 * Stages joined into one call for each item. Stays synchronous as long as the tasks do: awaiting a plain value would
 * cost more than most tasks.
 */
export class Pipeline {
  readonly #stages: readonly Stage[]
  readonly #tasks: readonly Task[]
  readonly #toolbox: WorkerToolbox

  constructor(stages: readonly Stage[], tasks: ReadonlyMap<string, unknown>, toolbox: WorkerToolbox) {
    this.#stages = stages
    this.#tasks = stages.map(({ task }) => tasks.get(task) as Task)
    this.#toolbox = toolbox
  }

  /** Sends one value through, from stage `from` on; a promise when some task is async. */
  run(value: unknown, emit: Emit, from = 0): unknown {
    if (from === this.#stages.length) return emit(value)
    const { kind, task } = this.#stages[from]!
    // Called by a plain name: a task's `this` is undefined, as in its own module.
    const call = this.#tasks[from]!
    const result = kind === 'fold' ? this.#fold(from, value) : call(value, this.#toolbox)
    if (isThenable(result)) return adopt(result).then((settled) => this.#pass(from, kind, task, value, settled, emit))
    return this.#pass(from, kind, task, value, result, emit)
  }

  /** Goes on behind stage `from`, which gave a promise for `value`. */
  resume(from: number, value: unknown, pending: PromiseLike<unknown>, emit: Emit): PromiseLike<unknown> {
    const { kind, task } = this.#stages[from]!
    return adopt(pending).then((settled) => this.#pass(from, kind, task, value, settled, emit))
  }

  #pass(from: number, kind: Stage['kind'], task: string, value: unknown, result: unknown, emit: Emit): unknown {
    if (kind === 'filter') return result ? this.run(value, emit, from + 1) : undefined
    if (kind !== 'flatMap') return this.run(result, emit, from + 1)
    if (!isIterable(result)) throw explainNotIterable(task, result)
    return this.#spread(result, emit, from + 1)
  }

  #spread(values: Iterable<unknown> | AsyncIterable<unknown>, emit: Emit, from: number): unknown {
    if (!Array.isArray(values)) return this.#spreadSlowly(values, emit, from)
    for (let i = 0; i < values.length; i++) {
      const pending = this.run(values[i], emit, from)
      if (isThenable(pending)) return pending.then(() => this.#spreadSlowly(values.slice(i + 1), emit, from))
    }
    return undefined
  }

  async #spreadSlowly(values: Iterable<unknown> | AsyncIterable<unknown>, emit: Emit, from: number): Promise<void> {
    for await (const value of values) await this.run(value, emit, from)
  }

  async #fold(stage: number, values: unknown): Promise<unknown> {
    const fold = this.#tasks[stage] as unknown as Fold
    const [first, ...others] = values as unknown[]
    let result = first
    for (const value of others) result = await fold(result, value, this.#toolbox)
    return result
  }
}
