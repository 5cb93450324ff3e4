import type { IndexRange } from '../../protocol/indexed-spec.ts'
import { openIndexed } from '../../sources/open-indexed.ts'
import type { OpenedSource } from '../../stream/indexed-source.ts'

// Taken before user code can replace them.
const startTimer = setTimeout
const stopTimer = clearTimeout

/** A source that was not read for so long is closed; the next unit opens it again. */
const CLOSE_AFTER_MS = 500

/** The open sources of one worker, by stream: opened with the first unit, closed when no unit comes any more. */
export class SourceCache {
  readonly #open = new Map<number, Promise<OpenedSource>>()
  #timer: NodeJS.Timeout | undefined

  get size(): number {
    return this.#open.size
  }

  /** Rejects when the source cannot be opened, and tries again the next time. */
  async take({ key, spec }: IndexRange): Promise<OpenedSource> {
    stopTimer(this.#timer)
    let source = this.#open.get(key)
    if (source === undefined) {
      source = openIndexed(spec)
      this.#open.set(key, source)
    }
    try {
      return await source
    } catch (error) {
      this.#open.delete(key)
      throw error
    }
  }

  /** A unit is through. */
  rest(): void {
    stopTimer(this.#timer)
    this.#timer = startTimer(() => void this.close(), CLOSE_AFTER_MS)
    this.#timer.unref()
  }

  async close(): Promise<void> {
    stopTimer(this.#timer)
    const sources = [...this.#open.values()]
    this.#open.clear()
    for (const source of sources) (await source.catch(() => undefined))?.close()
  }
}
