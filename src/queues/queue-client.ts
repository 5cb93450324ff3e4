import { pack, unpack } from '../codec/pack.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import { snapshot } from '../codec/snapshot.ts'
import { EisenmpError, type Ticket } from '../errors.ts'
import type { FromLoop, PutParcel, ToLoop, TurnMessage } from '../protocol/loop-messages.ts'
import { decodeError } from '../protocol/wire-error.ts'
import { explainClosed } from '../broker/explain-closed.ts'
import { listItems } from '../broker/puttable.ts'
import type { Chunk } from '../queue.ts'
import { Turn } from './turn.ts'

/** How the worker's queues talk. */
export interface QueueLink {
  readonly portable: boolean
  send(message: FromLoop): void
  /** Delivers messages with the thread blocked, until `isDone`; where a thread can be blocked. */
  block?(isDone: () => boolean): void
}

export type Taken = Extract<ToLoop, { readonly kind: 'taken' }>
type Done = Extract<ToLoop, { readonly kind: 'done' }>

/** Keeps the turn in which asynchronous code runs. */
export interface TurnContext {
  getStore(): Turn | undefined
}

/** Speaks for all queues of one worker: what a call does is kept in its turn, and told when that is through. */
export class QueueClient {
  readonly #link: QueueLink
  readonly #names: readonly string[]
  readonly #waiting = new Map<number, (answer: Taken | Done) => void>()
  /** Takes of loops that wait for a chunk, by request. */
  readonly #takes = new Map<number, number>()
  /** Loops that get no more chunks. */
  readonly #stopped = new Set<number>()
  /** Sizes as last heard. */
  readonly sizes: number[]
  /** Set when a loop runs: most workers have none. */
  context: TurnContext | undefined
  #nextRequest = 1
  /** The parent's answer to each loop's last turn. One loop MUST NOT wait for another one's: it may be what that waits for. */
  readonly #lastTurns = new Map<number, Promise<unknown>>()

  constructor(link: QueueLink, names: readonly string[]) {
    this.#link = link
    this.#names = names
    this.sizes = names.map(() => 0)
  }

  /** The turn of the call that asks, if it is one of a loop. */
  get turn(): Turn | undefined {
    const turn = this.context?.getStore()
    return turn === undefined || turn.isOver ? undefined : turn
  }

  answer(message: Taken | Done): void {
    const { request } = message
    const settle = this.#waiting.get(request)
    this.#waiting.delete(request)
    this.#takes.delete(request)
    if (settle !== undefined) settle(message)
    else if (message.kind === 'taken' && message.chunk !== undefined) this.#giveBack(message.chunk.lease)
  }

  /** The loop gets no more chunks: whoever waits for one is told that there is none. */
  stop(loop: number): void {
    this.#stopped.add(loop)
    for (const [request, waiting] of [...this.#takes]) {
      if (waiting !== loop) continue
      const settle = this.#waiting.get(request)
      this.#waiting.delete(request)
      this.#takes.delete(request)
      settle?.({ kind: 'taken', request, size: 0 })
    }
  }

  /** Nobody waits for it any more. */
  #giveBack(lease: number): void {
    if (lease !== 0) this.#link.send({ ...new Turn(0).cut(pack), returns: [lease], request: 0, ended: false })
  }

  #ask<Answer extends Taken | Done>(make: (request: number) => FromLoop): Promise<Answer> {
    return new Promise((resolve) => {
      const request = this.#nextRequest++
      this.#waiting.set(request, (answer) => resolve(answer as Answer))
      this.#post(make(request), request)
    })
  }

  #post(message: FromLoop, request: number): void {
    if (message.kind === 'take' && message.loop !== 0) this.#takes.set(request, message.loop)
    this.#link.send(message)
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- which kind answers is known where it is asked
  #askBlocked<Answer extends Taken | Done>(what: string, make: (request: number) => FromLoop): Answer {
    const { block } = this.#link
    if (block === undefined) {
      const text = `Cannot use ${what} here: only worker threads can wait like that; use ${what.replace('Sync', '')}`
      throw new EisenmpError('ERR_EISENMP_OPTION', text)
    }
    const request = this.#nextRequest++
    let given: Answer | undefined
    this.#waiting.set(request, (answer) => (given = answer as Answer))
    this.#post(make(request), request)
    block(() => given !== undefined)
    return given!
  }

  async take(queue: number, isTry: boolean, isNext = false): Promise<Chunk<unknown> | undefined> {
    const { turn } = this
    if (turn !== undefined && (isNext || turn.mustSettleBefore(queue))) await this.settle(turn)
    const loop = turn?.loop ?? 0
    if (this.#stopped.has(loop)) return undefined
    const taken = await this.#ask<Taken>((request) => ({ kind: 'take', request, queue, loop, isTry }))
    return this.#receive(taken, queue, turn)
  }

  takeSync(queue: number): Chunk<unknown> | undefined {
    const { turn } = this
    if (turn?.mustSettleBefore(queue) === true) void this.#send(turn)
    const loop = turn?.loop ?? 0
    if (this.#stopped.has(loop)) return undefined
    const make = (request: number): FromLoop => ({ kind: 'take', request, queue, loop, isTry: false })
    return this.#receive(this.#askBlocked<Taken>('takeSync()', make), queue, turn)
  }

  #receive({ chunk, size, error }: Taken, queue: number, turn: Turn | undefined): Chunk<unknown> | undefined {
    this.sizes[queue] = size
    if (error !== undefined) throw decodeError(error, 'the program')
    if (chunk === undefined) return undefined
    const { lease, ticket, items } = chunk
    if (turn?.isOver === true) {
      this.#giveBack(lease)
      return undefined
    }
    if (lease !== 0) turn?.hold(lease, queue, ticket)
    return Object.freeze({ ticket: Object.freeze(ticket), items: unpack(items) as unknown[] })
  }

  #copy(value: unknown, root: string): unknown {
    try {
      return snapshot(value, { root, portable: this.#link.portable }).value
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error
      const code = error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
      throw new EisenmpError(code, `Cannot take ${root} across the boundary: ${error.message}`, { cause: error })
    }
  }

  #parcel(queue: number, given: unknown, ticket: Ticket | undefined): PutParcel {
    const items = pack(listItems(given).map((item) => this.#copy(item, 'item')))
    return ticket === undefined ? { queue, items } : { queue, items, ticket }
  }

  async put(queue: number, given: unknown, ticket: Ticket | undefined, isTry: boolean): Promise<boolean> {
    const parcel = this.#parcel(queue, given, ticket)
    const { turn } = this
    if (turn?.holdsChunks === true) {
      turn.put(parcel)
      return true
    }
    return this.#check(await this.#ask<Done>((request) => ({ kind: 'put', request, isTry, ...parcel })))
  }

  putSync(queue: number, given: unknown, ticket: Ticket | undefined): void {
    const parcel = this.#parcel(queue, given, ticket)
    const { turn } = this
    if (turn?.holdsChunks === true) return turn.put(parcel)
    this.#check(this.#askBlocked<Done>('putSync()', (request) => ({ kind: 'put', request, isTry: false, ...parcel })))
  }

  #check({ closedQueue, isRefused }: Done): boolean {
    if (closedQueue === undefined) return isRefused !== true
    throw explainClosed(this.#names[closedQueue]!)
  }

  close(queue: number): void {
    this.#do((turn) => turn.close(queue))
  }

  emit(given: unknown, ticket: Ticket | undefined): void {
    const value = this.#copy(given, 'result')
    this.#do((turn) => turn.emit(value, ticket))
  }

  count(items: number): void {
    this.#do((turn) => turn.count(items))
  }

  /** In a call that holds chunks, with its end; else now. */
  #do(act: (turn: Turn) => void): void {
    const { turn } = this
    if (turn?.holdsChunks === true) return act(turn)
    const now = new Turn(turn?.loop ?? 0)
    act(now)
    this.#link.send({ ...now.cut(pack), request: 0, ended: false })
  }

  #send(turn: Turn): Promise<Done> {
    const parts = turn.cut(pack)
    return this.#ask<Done>((request) => ({ ...parts, request, ended: false }))
  }

  /** Tells what the turn has done. Waits until the turn before has found room for all it put: one is under way, no more. */
  async settle(turn: Turn): Promise<void> {
    if (turn.isEmpty) return
    const before = this.#lastTurns.get(turn.loop)
    this.#lastTurns.set(turn.loop, this.#send(turn))
    await before
  }

  /** Tells that the call has thrown, and waits until it is decided what follows. */
  async fail(turn: Turn, error: TurnMessage['error'] & object): Promise<void> {
    const acks = turn.drop()
    const parts = turn.cut(pack)
    await this.#ask((request) => ({ ...parts, acks, error, request, ended: false }))
  }

  /** The loop has ended here: this is its last message. */
  async end(loop: number): Promise<void> {
    await this.#lastTurns.get(loop)
    this.#lastTurns.delete(loop)
    this.#link.send({ ...new Turn(loop).cut(pack), request: 0, ended: true })
  }
}
