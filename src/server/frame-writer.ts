import type { Writable } from 'node:stream'
import { encodeFrame } from '../backends/frames.ts'

/**
 * Writes messages as frames. The first of a turn of the event loop leaves at once, those that follow in the same turn leave
 * together at its end: a call to the system for each costs more than all else.
 */
export class FrameWriter {
  readonly #channel: Writable
  #isCorked = false

  constructor(channel: Writable) {
    this.#channel = channel
  }

  write(message: unknown): void {
    this.#channel.write(encodeFrame(message))
    if (this.#isCorked) return
    this.#isCorked = true
    this.#channel.cork()
    process.nextTick(this.flush)
  }

  /** Writes what is held back, now. */
  readonly flush = (): void => {
    if (!this.#isCorked) return
    this.#isCorked = false
    this.#channel.uncork()
  }
}
