import { arrangeQueues } from '../broker/arrange-queues.ts'
import type { BrokerBudgets } from '../broker/broker.ts'
import type { QueueState, QueueTraits } from '../broker/queue-state.ts'
import type { PackedValues } from '../codec/pack.ts'
import { EisenmpError, type WorkerDeath } from '../errors.ts'
import type { FromLoop } from '../protocol/loop-messages.ts'
import type { Queue } from '../queue.ts'
import type { Source } from '../stream/source.ts'
import type { FeedOptions } from './feeder.ts'
import { Feeds } from './feeds.ts'
import { explainStarved } from './loop-failures.ts'
import type { LoopOptions } from './loop-job.ts'
import { Loops, type LoopsHost } from './loops.ts'
import { ParentQueue } from './parent-queue.ts'
import { writePrint } from './print-line.ts'
import { INPUT } from './queue-options.ts'
import { QueueDesk } from './queue-desk.ts'
import { ResultBoard } from './results.ts'
import { Starvation } from './starvation.ts'

export interface QueueingHost extends Omit<LoopsHost, 'results' | 'crashBudget' | 'countReturned' | 'forget'> {
  readonly traits: readonly QueueTraits[]
  readonly budgets: BrokerBudgets
  readonly isPortable: boolean
  /** Nobody but the loops and the program puts anything: there are no mates. */
  readonly canStarve: boolean
  /** @throws what the pool was closed with. */
  checkOpen(): void
  /** Items were done, or there are more of them than was known. */
  progressed(): void
}

/** Queues, feeds, loops and results of a pool. */
export class Queueing {
  readonly results: ResultBoard
  /** By name, or by category and name. */
  readonly queues: object
  readonly #host: QueueingHost
  readonly #desk: QueueDesk
  readonly #loops: Loops
  readonly #starvation: Starvation
  readonly #feeds: Feeds
  /** Queues that the program feeds, or has had in its hands. */
  readonly #known = new Set<number>()
  #isEnding = false
  #reported = 0
  #acknowledged = 0

  constructor(host: QueueingHost) {
    this.#host = host
    this.results = new ResultBoard(
      () => this.#listIssued(),
      () => this.#desk.resume(),
    )
    const { budgets } = host
    this.#loops = new Loops({
      results: this.results,
      graceMs: host.graceMs,
      crashBudget: budgets.crash,
      seats: () => host.seats(),
      find: (worker) => host.find(worker),
      dismiss: (worker) => host.dismiss(worker),
      revive: (seat) => host.revive(seat),
      countReturned: (loop) => this.#desk.countReturned(loop),
      forget: (loop) => this.#desk.forget(loop),
      changed: () => {
        this.#starvation.update()
        host.changed()
      },
    })
    this.#desk = this.#createDesk()
    this.#starvation = this.#createStarvation()
    const changed = (): void => this.#starvation.update()
    this.#feeds = new Feeds({ desk: this.#desk, isPortable: host.isPortable, changed })
    this.queues = this.#createQueues()
  }

  #createDesk(): QueueDesk {
    const loops = this.#loops
    return new QueueDesk(this.#host.traits, this.#host.budgets, this.results, {
      send: (worker, message) => this.#host.find(worker)?.send(message),
      dead: (entry, why, loop) => loops.lose(entry, why, loop),
      refused: (loop, queue) => loops.refuse(loop, this.#desk.broker.queues[queue]!.fullName),
      ended: (worker, loop) => loops.end(worker, loop),
      thrown: (worker, loop, error, entries) => {
        // A chunk with tries left is just taken again.
        const isLost = entries.length === 0 || entries.some(({ errors }) => errors >= this.#host.budgets.error)
        if (isLost) loops.throw(worker, loop, error, entries[0])
      },
      counted: (items, isReported) => {
        if (isReported) this.#reported += items
        else this.#acknowledged += items
        this.#host.progressed()
      },
      print: (worker, level, text) => writePrint(this.#host.find(worker)?.index ?? 0, level, text),
      changed: () => this.#starvation.update(),
    })
  }

  #createStarvation(): Starvation {
    return new Starvation({
      listAwaited: () => this.#listAwaited(),
      isKnown: ({ id }) => this.#known.has(id),
      hold: (isHeld) => {
        for (const seat of this.#host.seats()) if (seat.isLooping) seat.holdForLoop(isHeld)
      },
      starved: (queues) => {
        for (const job of this.#loops.open) {
          this.#loops.fail(
            job,
            explainStarved(
              job.name,
              queues.map(({ fullName }) => fullName),
            ),
          )
        }
      },
    })
  }

  #createQueues(): object {
    const { queues } = this.#desk.broker
    const owner = {
      desk: this.#desk,
      isPortable: this.#host.isPortable,
      checkOpen: () => this.#host.checkOpen(),
      touch: (id: number) => this.#known.add(id),
    }
    return arrangeQueues(this.#host.traits, (_traits, id) => new ParentQueue(queues[id]!, owner))
  }

  /** All queues with their state, for stats. */
  get states(): readonly QueueState<PackedValues>[] {
    return this.#desk.broker.queues
  }

  get isLooping(): boolean {
    return this.#loops.open.length > 0
  }

  /** Items that loops are through with: what they report, or else what they were given. */
  get settled(): number {
    return this.#reported > 0 ? this.#reported : this.#acknowledged
  }

  /** Items in all sources, when all of them know. */
  get total(): number | undefined {
    return this.#feeds.total
  }

  #listIssued(): [string, number][] {
    const fed = this.states.filter(({ id, nextSerial }) => nextSerial > 0 && this.#known.has(id))
    return fed.map(({ fullName, nextSerial }) => [fullName, nextSerial])
  }

  /** Queues that all loops wait for; `undefined` when something may still move by itself. */
  #listAwaited(): QueueState<PackedValues>[] | undefined {
    // Asked after each message: the cheap answer comes first.
    if (!this.#host.canStarve || this.#isEnding || this.#desk.waiting === 0) return undefined
    if (this.#loops.open.length === 0) return undefined
    const waiting = this.#desk.listWaiting()
    for (const { id, ended, failure } of this.#loops.open) {
      if (failure !== undefined) return undefined
      for (const seat of this.#host.seats()) {
        if (!ended.has(seat.index) && (seat.state !== 'ready' || !waiting.has(`${seat.workerId}/${id}`)))
          return undefined
      }
    }
    return this.states.filter(({ takers }) => takers.length > 0)
  }

  receive(worker: string, message: FromLoop): boolean {
    if (!this.#desk.isPlausible(message)) return false
    this.#desk.receive(worker, message)
    return true
  }

  welcome(worker: string): void {
    this.#loops.welcome(worker)
    this.#starvation.update()
  }

  /** Whether the death of the worker is explained by what its loops held. */
  bury(worker: string, death: WorkerDeath): boolean {
    const held = this.#desk.broker.leasesOf(worker)
    const isExplained = this.#loops.bury(worker, held, death)
    this.#desk.bury(worker, !this.#isEnding)
    return isExplained
  }

  /** A seat is empty, filled again, or no longer there. */
  check(): void {
    this.#loops.check()
  }

  loop(name: string, options: LoopOptions): Promise<void> {
    return this.#loops.start(name, options)
  }

  /** @throws EisenmpError at once, when the queue is none of this pool's or is closed, or the source cannot be opened. */
  feed(source: Source<unknown>, options: FeedOptions): Promise<void> {
    const queue = this.#findQueue(options.queue)
    const fed = this.#feeds.start(source, options, this.states[queue]!)
    this.#known.add(queue)
    return fed
  }

  #findQueue(queue: Queue | undefined): number {
    if (queue === undefined) {
      const input = this.states.find(({ fullName }) => fullName === INPUT)
      if (input !== undefined) return input.id
    }
    if (queue instanceof ParentQueue && this.states.includes(ParentQueue.stateOf(queue)))
      return ParentQueue.stateOf(queue).id
    const text = "Cannot feed this queue: it is none of this pool's; give { queue: pool.queues.name }"
    throw new EisenmpError('ERR_EISENMP_OPTION', text)
  }

  /** Nothing more is read; what is in the queues is still worked on, and their ends end the loops. */
  drain(error: unknown): void {
    this.#feeds.stop(error)
    for (const { id } of this.states) this.#desk.close(id)
  }

  /** No call follows those in work; without an error nobody is told: the program exits. */
  interrupt(error: unknown): void {
    this.#feeds.stop(error)
    this.#loops.failAll(error)
  }

  /** Whoever waits is told `error`. */
  end(error: unknown): void {
    this.#isEnding = true
    this.#starvation.stop()
    this.#feeds.stop(error)
    for (const { id } of this.states) this.#desk.close(id, error)
    this.#desk.abandon((answer) => answer({ type: 'closed', to: { worker: '', request: 0 }, queue: 0, error }))
    this.#loops.abandon(error)
    this.results.close()
  }
}
