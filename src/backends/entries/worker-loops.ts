import type { QueueTraits } from '../../broker/queue-state.ts'
import { readClock } from '../../internal/clock.ts'
import { nameQueue } from '../../broker/queue-state.ts'
import type { FromLoop, ToLoop } from '../../protocol/loop-messages.ts'
import { LoopRun } from '../../queues/loop-run.ts'
import { QueueClient } from '../../queues/queue-client.ts'
import { createWorkerQueues } from '../../queues/worker-queue.ts'
import type { Activity, ToolboxLink } from './toolbox.ts'

interface WorkerLoopsOptions {
  readonly traits: readonly QueueTraits[]
  readonly portable: boolean
  send(message: FromLoop): void
  readonly block: ((isDone: () => boolean) => void) | undefined
  /** A loop has ended. */
  ended(): void
}

/** The loops of one worker, and its end of the queues. */
export class WorkerLoops {
  readonly #options: WorkerLoopsOptions
  readonly #client: QueueClient
  readonly #runs = new Map<number, LoopRun>()
  #tasks: ReadonlyMap<string, unknown> = new Map()
  #toolbox: unknown

  constructor(options: WorkerLoopsOptions) {
    this.#options = options
    const { portable, block } = options
    const link = { portable, send: (message: FromLoop) => options.send(message) }
    this.#client = new QueueClient(block === undefined ? link : { ...link, block }, options.traits.map(nameQueue))
  }

  /** Loops that run. */
  get count(): number {
    return this.#runs.size
  }

  /** The modules are loaded. */
  open(tasks: ReadonlyMap<string, unknown>, toolbox: unknown): void {
    this.#tasks = tasks
    this.#toolbox = toolbox
  }

  take(message: ToLoop): void {
    if (message.kind === 'loop') void this.#run(message.loop, message.task)
    else if (message.kind === 'endLoop') this.#runs.get(message.loop)?.stop()
    else this.#client.answer(message)
  }

  async #run(loop: number, name: string): Promise<void> {
    const task = this.#tasks.get(name) as (toolbox: unknown) => unknown
    const { portable } = this.#options
    const run = new LoopRun({ loop, name, task, toolbox: this.#toolbox, client: this.#client, portable })
    this.#runs.set(loop, run)
    await run.run()
    this.#runs.delete(loop)
    this.#options.ended()
  }

  stopAll(): void {
    for (const run of this.#runs.values()) run.stop()
  }

  /** What a toolbox needs of this. */
  createLink(describeUnit: () => Activity | undefined): Omit<ToolboxLink, 'heartbeat'> {
    return {
      queues: createWorkerQueues(this.#options.traits, this.#client),
      emit: (value, ticket) => this.#client.emit(value, ticket),
      print: (level, values) => this.#options.send({ kind: 'print', level, text: formatValues(values) }),
      count: (items) => this.#client.count(items),
      stop: () => this.stopAll(),
      current: () => describeUnit() ?? this.#describe(),
    }
  }

  #describe(): Activity | undefined {
    for (const { name, turn } of this.#runs.values()) {
      if (turn !== undefined) return { task: name, ticket: turn.ticket, forMs: readClock() - turn.sinceMs }
    }
    return undefined
  }
}

function formatValues(values: readonly unknown[]): string {
  if (values.length === 1 && typeof values[0] === 'string') return values[0]
  // Loading it takes time that a worker which prints nothing need not spend.
  return process.getBuiltinModule('node:util').format(...values)
}
