/** What a source saw of its reader. */
export class WatchedSource<T> implements AsyncIterable<T> {
  readonly #next: (index: number) => Promise<T> | T
  readonly #end: number
  pulls = 0
  returns = 0
  /** Two `next()` at a time, or one after the end. */
  violations = 0
  #isBusy = false
  #isOver = false

  /** Gives `next(0)`, `next(1)` … up to `end` items. */
  constructor(next: (index: number) => Promise<T> | T, end = Infinity) {
    this.#next = next
    this.#end = end
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#step(), return: () => this.#close() }
  }

  async #step(): Promise<IteratorResult<T, undefined>> {
    if (this.#isBusy || this.#isOver) this.violations += 1
    if (this.pulls >= this.#end) {
      this.#isOver = true
      return { done: true, value: undefined }
    }
    this.#isBusy = true
    try {
      return { done: false, value: await this.#next(this.pulls++) }
    } catch (error) {
      this.#isOver = true
      throw error
    } finally {
      this.#isBusy = false
    }
  }

  async #close(): Promise<IteratorResult<T, undefined>> {
    this.returns += 1
    this.#isOver = true
    return { done: true, value: undefined }
  }
}
