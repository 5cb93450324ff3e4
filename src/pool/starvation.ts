import type { QueueState } from '../broker/queue-state.ts'

/** After so long with nothing moving, what nobody can feed is taken for a mistake. */
const QUIET_MS = 2000

export interface StarvationHost {
  /** Loops are open, and each of their workers waits for a chunk. `undefined` when something may still move. */
  listAwaited(): readonly QueueState<unknown>[] | undefined
  /** The program has had the queue in its hands, or feeds it. */
  isKnown(queue: QueueState<unknown>): boolean
  /** Whether the workers keep the program alive. */
  hold(isHeld: boolean): void
  /** Nothing will come. */
  starved(queues: readonly QueueState<unknown>[]): void
}

/**
 * Finds out that all loops wait for what nothing feeds.
 *
 * Queues that the program never touched: after a while. Others it may still feed as long as it runs at all, so the
 * waiting workers stop keeping it alive; once it would end, they are starved.
 */
export class Starvation {
  readonly #host: StarvationHost
  #timer: NodeJS.Timeout | undefined
  #isListening = false
  #isHeld = true
  readonly #onBeforeExit = (): void => this.#end()

  constructor(host: StarvationHost) {
    this.#host = host
  }

  /** Something has moved. */
  update(): void {
    const awaited = this.#host.listAwaited()
    this.stop()
    if (awaited === undefined) return this.#hold(true)
    const isForgotten = awaited.every((queue) => !this.#host.isKnown(queue))
    if (isForgotten) this.#timer = setTimeout(() => this.#end(), QUIET_MS)
    else {
      this.#isListening = true
      process.on('beforeExit', this.#onBeforeExit)
    }
    this.#hold(isForgotten)
  }

  #hold(isHeld: boolean): void {
    if (isHeld && this.#isHeld) return
    this.#isHeld = isHeld
    this.#host.hold(isHeld)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isListening) process.off('beforeExit', this.#onBeforeExit)
    this.#isListening = false
  }

  #end(): void {
    this.stop()
    const awaited = this.#host.listAwaited()
    if (awaited === undefined) return
    this.#hold(true)
    this.#host.starved(awaited)
  }
}
