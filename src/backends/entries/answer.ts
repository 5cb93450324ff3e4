import { RefusedValue } from '../../codec/refused-value.ts'
import { snapshot } from '../../codec/snapshot.ts'
import type { Failure, ResultsMessage, Sink } from '../../protocol/messages.ts'
import { encodeError } from '../../protocol/wire-error.ts'
import { type Fold, adopt, isThenable } from './pipeline.ts'
import type { WorkerToolbox } from './toolbox.ts'

export interface Taken extends Pick<ResultsMessage, 'failures'> {
  readonly values: readonly unknown[]
}

/** A thrown proxy may throw again when it is asked what it is. */
function isRefused(error: unknown): error is RefusedValue {
  try {
    return error instanceof RefusedValue
  } catch {
    return false
  }
}

/** Collects what one answer will carry; how depends on the sink. */
export class Answer {
  readonly #sink: Sink['kind']
  readonly #fold: Fold | undefined
  readonly #toolbox: WorkerToolbox
  readonly #portable: boolean
  #values: unknown[] = []
  #failures: Failure[] = []
  #counted = 0
  #partial: { value: unknown } | undefined
  #start = 0
  #partialAtStart: { value: unknown } | undefined

  constructor(sink: Sink, tasks: ReadonlyMap<string, unknown>, toolbox: WorkerToolbox, portable: boolean) {
    this.#sink = sink.kind
    this.#fold = sink.kind === 'reduce' ? (tasks.get(sink.task) as Fold) : undefined
    this.#toolbox = toolbox
    this.#portable = portable
  }

  /** An item begins: what it emits before it fails is taken back. */
  begin(): void {
    this.#start = this.#sink === 'count' ? this.#counted : this.#values.length
    this.#partialAtStart = this.#partial
  }

  /** Takes one value that left the last stage. */
  readonly emit = (value: unknown): unknown => {
    if (this.#sink === 'values') this.#values.push(snapshot(value, { root: 'result', portable: this.#portable }).value)
    else if (this.#sink === 'count') this.#counted += 1
    else return this.#reduce(value)
    return undefined
  }

  /** Counts values of items that are through. */
  addCount(count: number): void {
    this.#counted += count
  }

  #reduce(value: unknown): unknown {
    if (this.#partial === undefined) {
      this.keepPartial(value)
      return undefined
    }
    const fold = this.#fold!
    const result = fold(this.#partial.value, value, this.#toolbox)
    if (isThenable(result)) return this.awaitPartial(result)
    this.keepPartial(result)
    return undefined
  }

  /** The partial result so far, for who goes on with it and brings it back. */
  get partial(): { readonly value: unknown } | undefined {
    return this.#partial
  }

  keepPartial(value: unknown): void {
    this.#partial = { value }
  }

  awaitPartial(pending: PromiseLike<unknown>): PromiseLike<unknown> {
    return adopt(pending).then((settled) => this.keepPartial(settled))
  }

  /** The item at `offset` of this answer failed. */
  fail(offset: number, error: unknown, why?: Failure['cause']): void {
    if (this.#sink === 'count') this.#counted = this.#start
    else if (this.#sink === 'values') this.#values.length = this.#start
    // A partial result stands for the items before the gap only; behind it a new one begins.
    else {
      this.#partial = this.#partialAtStart
      this.#closePartial()
    }
    this.#closeCount()
    const cause = why ?? (isRefused(error) ? error.why : 'task')
    this.#failures.push({ offset, at: this.#values.length, cause, error: encodeError(error, this.#portable) })
  }

  #closePartial(): void {
    if (this.#partial === undefined) return
    this.#values.push(this.#partial.value)
    this.#partial = undefined
  }

  #closeCount(): void {
    if (this.#counted === 0) return
    this.#values.push(this.#counted)
    this.#counted = 0
  }

  /**
   * Ends this answer and starts the next.
   *
   * @throws RefusedValue when a partial result cannot travel.
   */
  take(): Taken {
    this.#closeCount()
    this.#closePartial()
    const taken = { values: this.#values, failures: this.#failures }
    this.#values = []
    this.#failures = []
    if (this.#sink !== 'reduce') return taken
    const options = { root: 'partial result', portable: this.#portable }
    return { ...taken, values: taken.values.map((value) => snapshot(value, options).value) }
  }

  /** The same error for all items: their common result is lost. */
  failAll(count: number, error: unknown): Taken {
    for (let offset = 0; offset < count; offset++) this.fail(offset, error)
    const failures = this.#failures.map((failure) => ({ ...failure, at: 0 }))
    this.#failures = []
    this.#values = []
    return { values: [], failures }
  }
}
