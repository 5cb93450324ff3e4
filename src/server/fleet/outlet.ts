import { EisenmpError } from '../../errors.ts'
import { createDeferred } from '../../internal/deferred.ts'
import type { ReaderSpec } from './fleet-messages.ts'

/** Emits that nobody awaits may be so many ahead of a reader that is to be waited for. */
const MIN_AHEAD = 1024

interface Waiting {
  readonly value: unknown
  settle(goesOn: boolean): void
}

/**
 * The instance's end of one reader of a channel. It sends no more than the reader has asked for; what does not fit waits
 * here, up to a bound, or takes the place of something older.
 */
export class Outlet {
  readonly reader: ReaderSpec
  readonly #send: (value: unknown, dropped: number) => void
  #credit: number
  /** Of `wait`: with the emits that wait for it. Of the others: without. */
  #waiting: Waiting[] = []
  #kept: unknown[] = []
  #dropped = 0
  #isEnding = false

  constructor(reader: ReaderSpec, send: (value: unknown, dropped: number) => void) {
    this.reader = reader
    this.#send = send
    this.#credit = reader.capacity
  }

  /** Values dropped so far. */
  get dropped(): number {
    return this.#dropped
  }

  /** A promise where the emit has to wait; else whether the instance is to go on. */
  offer(value: unknown): boolean | Promise<boolean> {
    if (this.#credit > 0) {
      this.#credit -= 1
      this.#send(value, this.#dropped)
      return !this.#isEnding
    }
    return this.reader.policy === 'wait' ? this.#wait(value) : this.#replace(value)
  }

  #replace(value: unknown): boolean {
    this.#kept.push(value)
    if (this.#kept.length > this.reader.capacity) {
      this.#kept.shift()
      this.#dropped += 1
    }
    return !this.#isEnding
  }

  #wait(value: unknown): boolean | Promise<boolean> {
    if (this.#isEnding) {
      this.#dropped += 1
      return false
    }
    const done = createDeferred<boolean>()
    const most = Math.max(this.reader.capacity, MIN_AHEAD)
    if (this.#waiting.length < most) this.#waiting.push({ value, settle: done.resolve })
    else {
      this.#dropped += 1
      const text = `Cannot emit on channel '${this.reader.channel}': ${most} values wait for a reader; await emit()`
      done.reject(new EisenmpError('ERR_EISENMP_FULL', text))
    }
    return done.promise
  }

  /** The reader has room for so many more. */
  give(count: number): void {
    this.#credit += count
    while (this.#credit > 0 && this.#waiting.length > 0) {
      const { value, settle } = this.#waiting.shift()!
      this.#credit -= 1
      this.#send(value, this.#dropped)
      settle(true)
    }
    while (this.#credit > 0 && this.#kept.length > 0) {
      this.#credit -= 1
      this.#send(this.#kept.shift(), this.#dropped)
    }
  }

  /** Sends what is kept, room or not: nothing comes after it. */
  flush(): void {
    for (const value of this.#kept.splice(0)) this.#send(value, this.#dropped)
  }

  /** The reader has gone: nobody waits for it. */
  close(): void {
    this.#settleAll(true)
    this.#kept = []
  }

  /** The instance is to stop: from now on it waits for nobody. */
  end(): void {
    this.#isEnding = true
    this.#dropped += this.#waiting.length
    this.#settleAll(false)
  }

  #settleAll(goesOn: boolean): void {
    for (const { settle } of this.#waiting.splice(0)) settle(goesOn)
  }
}
