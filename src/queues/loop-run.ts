import type { AsyncLocalStorage } from 'node:async_hooks'
import { encodeError } from '../protocol/wire-error.ts'
import type { QueueClient } from './queue-client.ts'
import { Turn } from './turn.ts'

// Taken before user code can replace it.
const defer = setImmediate
const PlainPromise = Promise

export interface LoopOptions {
  readonly loop: number
  readonly name: string
  readonly task: (toolbox: unknown) => unknown
  readonly toolbox: unknown
  readonly client: QueueClient
  readonly portable: boolean
}

let storage: AsyncLocalStorage<Turn> | undefined

/** Loading it takes time that a worker without loops need not spend. */
function openStorage(client: QueueClient): AsyncLocalStorage<Turn> {
  if (storage === undefined) {
    const { AsyncLocalStorage: Storage } = process.getBuiltinModule('node:async_hooks')
    storage = new Storage<Turn>()
  }
  client.context = storage
  return storage
}

/** Calls one task again and again, each call a turn of its own, until it returns `false` or is told to stop. */
export class LoopRun {
  readonly #options: LoopOptions
  #isStopping = false
  /** The call in work. */
  turn: Turn | undefined

  constructor(options: LoopOptions) {
    this.#options = options
  }

  get name(): string {
    return this.#options.name
  }

  /** No further call, and no further chunk for the one in work. */
  stop(): void {
    this.#isStopping = true
    this.#options.client.stop(this.#options.loop)
  }

  /** Resolves when the loop has ended here and the parent was told. */
  async run(): Promise<void> {
    const { loop, client } = this.#options
    const turns = openStorage(client)
    while (!this.#isStopping) {
      const turn = new Turn(loop)
      this.turn = turn
      const isLast = await this.#call(turn, turns)
      if (isLast) break
      // A call that waits for nothing must not keep out the message that ends it.
      await new PlainPromise<void>((resolve) => defer(resolve))
    }
    await client.end(loop)
  }

  async #call(turn: Turn, turns: AsyncLocalStorage<Turn>): Promise<boolean> {
    const { task, toolbox, client, portable } = this.#options
    try {
      const result = await turns.run(turn, () => task(toolbox))
      // What it has asked for and not awaited comes too late from here on.
      turn.isOver = true
      await client.settle(turn)
      return result === false
    } catch (error) {
      turn.isOver = true
      await client.fail(turn, encodeError(error, portable))
      return false
    }
  }
}
