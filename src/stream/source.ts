import { countPlainBytes } from '../codec/copy-flat.ts'

/** What can be streamed: anything that iterates, Node and Web streams included. */
export type Source<T> = Iterable<T> | AsyncIterable<T> | WebStream<T>

/** The part of a Web `ReadableStream` that is needed where it does not iterate by itself. */
export interface WebStream<T> {
  /** Locks the stream; the lock is given back at the end. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>
    cancel(reason?: unknown): Promise<void>
    releaseLock(): void
  }
}

export type Step = { readonly done: true } | { readonly done: false; readonly value: unknown }

/** An open source. `pull` MUST NOT be called again before the former answer is in. */
export interface OpenSource {
  pull(): Step | Promise<Step>
  /**
   * Appends items that come at once and need no copy, until there are `count`, or they have so many bytes; whatever else
   * comes is what the next {@link pull} gives. Many times faster than asking for each. How many bytes they have.
   */
  takePlain(items: unknown[], count: number, maxBytes: number): number
  /** Closes the source early: at most one `return()`, none when it has ended or failed by itself. */
  close(): Promise<void>
}

interface AnyIterator {
  next(): unknown
  return?(): unknown
}

const done: Step = { done: true }

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/** Bytes of the plain value in an iterator's result; 0 for any other. */
function countPlainResult(result: unknown): number {
  if (typeof result !== 'object' || result === null) return 0
  const { done: isDone, value } = result as IteratorResult<unknown>
  return isDone === true ? 0 : countPlainBytes(value)
}

/** Iterates a source; a value that is a promise is awaited, as `for await` does it. */
class IteratorSource implements OpenSource {
  readonly #iterator: AnyIterator
  readonly #awaitsValues: boolean
  #open = true
  #hasEnded = false
  /** `next()` is on the stack. */
  #isAsked = false
  /** What came and was no plain item. */
  #kept: (() => unknown) | undefined

  constructor(iterator: AnyIterator, awaitsValues: boolean) {
    this.#iterator = iterator
    this.#awaitsValues = awaitsValues
  }

  pull(): Step | Promise<Step> {
    // Closed while an answer was awaited: nothing more is asked of it.
    if (!this.#open) return done
    try {
      const result = this.#ask()
      return isThenable(result) ? this.#settle(result) : this.#read(result)
    } catch (error) {
      this.#end()
      throw error
    }
  }

  takePlain(items: unknown[], count: number, maxBytes: number): number {
    // What an async iterator gives is a promise.
    if (!this.#awaitsValues || this.#kept !== undefined) return 0
    let bytes = 0
    this.#isAsked = true
    while (items.length < count && bytes < maxBytes && this.#open) {
      const result = this.#tryNext()
      const size = countPlainResult(result)
      if (size === 0) {
        this.#kept ??= () => result
        break
      }
      bytes += size
      items.push((result as IteratorResult<unknown>).value)
    }
    this.#isAsked = false
    return bytes
  }

  #tryNext(): unknown {
    try {
      const result = this.#iterator.next()
      if ((result as Partial<IteratorResult<unknown>> | undefined)?.done === true) this.#hasEnded = true
      return result
    } catch (error) {
      this.#hasEnded = true
      this.#kept = () => {
        throw error
      }
      return undefined
    }
  }

  #ask(): unknown {
    const kept = this.#kept
    this.#kept = undefined
    if (kept !== undefined) return kept()
    this.#isAsked = true
    try {
      return this.#iterator.next()
    } finally {
      this.#isAsked = false
    }
  }

  #end(): void {
    this.#open = false
    this.#hasEnded = true
  }

  async #settle(result: PromiseLike<unknown>): Promise<Step> {
    try {
      return await this.#read(await result)
    } catch (error) {
      this.#end()
      throw error
    }
  }

  #read(result: unknown): Step | Promise<Step> {
    if (typeof result !== 'object' || result === null) {
      throw new TypeError(`Iterator result is ${String(result)}, not an object`)
    }
    const { done: isDone, value } = result as IteratorResult<unknown>
    if (isDone === true) {
      this.#end()
      return done
    }
    if (this.#awaitsValues && isThenable(value)) return this.#awaitValue(value)
    return { done: false, value }
  }

  async #awaitValue(value: PromiseLike<unknown>): Promise<Step> {
    try {
      return { done: false, value: await value }
    } catch (error) {
      // A sync source that yielded a rejected promise is still open and must be closed.
      await this.close().catch(() => {})
      throw error
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    // A generator that ends its own stream is still running; it cannot be closed before it has given its item.
    if (this.#isAsked) await Promise.resolve()
    if (!this.#hasEnded) await this.#iterator.return?.()
  }
}

class WebStreamSource implements OpenSource {
  readonly #reader: ReturnType<WebStream<unknown>['getReader']>
  #open = true

  constructor(stream: WebStream<unknown>) {
    this.#reader = stream.getReader()
  }

  takePlain(): number {
    return 0
  }

  async pull(): Promise<Step> {
    if (!this.#open) return done
    try {
      const result = await this.#reader.read()
      if (!result.done) return { done: false, value: result.value }
      this.#open = false
      this.#reader.releaseLock()
      return done
    } catch (error) {
      this.#open = false
      throw error
    }
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await this.#reader.cancel()
  }
}

function has(source: object, key: PropertyKey): boolean {
  return typeof (source as Record<PropertyKey, unknown>)[key] === 'function'
}

/** Tells whether a value can be streamed. A string iterates, but whoever gives one means something else. */
export function isSource(source: unknown): source is Source<unknown> {
  if (typeof source !== 'object' || source === null) return false
  return has(source, Symbol.asyncIterator) || has(source, Symbol.iterator) || has(source, 'getReader')
}

/** Opens a source: asks for its iterator, reads nothing yet. */
export function openSource(source: Source<unknown>): OpenSource {
  if (has(source, Symbol.asyncIterator)) {
    return new IteratorSource((source as AsyncIterable<unknown>)[Symbol.asyncIterator]() as AnyIterator, false)
  }
  if (has(source, Symbol.iterator)) {
    return new IteratorSource((source as Iterable<unknown>)[Symbol.iterator]() as AnyIterator, true)
  }
  return new WebStreamSource(source as WebStream<unknown>)
}

/** How many items a source will give, when it knows. */
export function readLength(source: Source<unknown>): number | undefined {
  const { length, size } = source as { length?: unknown; size?: unknown }
  if (Array.isArray(source) || ArrayBuffer.isView(source)) return length as number
  return source instanceof Set || source instanceof Map ? (size as number) : undefined
}
