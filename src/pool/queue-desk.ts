import { Broker } from '../broker/broker.ts'
import type { Effect, Entry, Party } from '../broker/effects.ts'
import type { QueueTraits } from '../broker/queue-state.ts'
import { type PackedValues, countPacked, unpack } from '../codec/pack.ts'
import type { Ticket } from '../errors.ts'
import type { FromLoop, TurnMessage } from '../protocol/loop-messages.ts'
import type { ToWorker } from '../protocol/messages.ts'
import { encodeError } from '../protocol/wire-error.ts'
import type { ResultBoard } from './results.ts'

export type Parcelled = Entry<PackedValues>
type DeskEffect = Effect<PackedValues>

/** Who hears of what happens to loops. */
export interface DeskHost {
  send(worker: string, message: ToWorker): void
  /** A chunk is given up; `loop` is the one that held it. */
  dead(entry: Parcelled, why: 'crash' | 'error', loop: number): void
  /** A call has put into a queue that is closed. */
  refused(loop: number, queue: number): void
  /** The loop has ended in that worker. */
  ended(worker: string, loop: number): void
  /** A call has thrown that held these chunks; before they are charged with it. */
  thrown(worker: string, loop: number, error: TurnMessage['error'] & object, entries: readonly Parcelled[]): void
  /** Items that were done: by report of the loop, or with the chunks that it was through with. */
  counted(items: number, isReported: boolean): void
  print(worker: string, level: Extract<FromLoop, { kind: 'print' }>['level'], text: string): void
  /** Something has moved. */
  changed(): void
}

/** What becomes of something that the program itself asked of a queue. */
export type ParentAnswer = Extract<DeskEffect, { readonly type: 'give' | 'closed' | 'admitted' | 'refused' }>

/** The one place where queues are: serves workers and the program, and carries out what the broker says. */
export class QueueDesk {
  readonly broker: Broker<PackedValues>
  readonly #host: DeskHost
  readonly #results: ResultBoard
  /** What the program waits for. */
  readonly #parent = new Map<number, (answer: ParentAnswer) => void>()
  /** Chunks of a worker's request that wait for room. */
  readonly #rooms = new Map<string, number>()
  /** Answers that wait until results are read. */
  #held: Party[] = []
  /** Loops of takes that are not answered yet. */
  readonly #pendingLoops = new Map<string, number>()
  /** Loops by lease. */
  readonly #loopOf = new Map<number, number>()
  /** Queues that each loop has taken from. */
  readonly #tookFrom = new Map<number, Set<number>>()
  #nextRequest = 1

  constructor(
    traits: readonly QueueTraits[],
    budgets: ConstructorParameters<typeof Broker>[1],
    results: ResultBoard,
    host: DeskHost,
  ) {
    this.broker = new Broker(traits, budgets)
    this.#results = results
    this.#host = host
  }

  /** Whether what a worker says can be meant. */
  isPlausible(message: FromLoop): boolean {
    const knows = (queue: number): boolean => queue < this.broker.queues.length
    if (message.kind === 'take' || message.kind === 'put') return knows(message.queue)
    if (message.kind !== 'turn') return true
    return message.puts.every(({ queue }) => knows(queue)) && message.closes.every(knows)
  }

  receive(worker: string, message: FromLoop): void {
    if (message.kind === 'print') return this.#host.print(worker, message.level, message.text)
    if (message.kind === 'take') this.#take(worker, message)
    else if (message.kind === 'put') this.#put(worker, message)
    else this.#turn(worker, message)
    this.#host.changed()
  }

  #take(worker: string, { request, queue, loop, isTry }: Extract<FromLoop, { readonly kind: 'take' }>): void {
    const { entries } = this.broker.queues[queue]!
    if (isTry && entries.length === 0) return this.#host.send(worker, { kind: 'taken', request, size: 0 })
    this.#pendingLoops.set(toKey({ worker, request }), loop)
    if (loop !== 0) this.#noteTake(loop, queue)
    this.#carryOut(this.broker.take({ worker, request }, queue, loop !== 0))
  }

  #put(worker: string, { request, queue, items, ticket, isTry }: Extract<FromLoop, { readonly kind: 'put' }>): void {
    const state = this.broker.queues[queue]!
    if (isTry && !state.isClosed && state.isFull)
      return this.#host.send(worker, { kind: 'done', request, isRefused: true })
    this.#rooms.set(toKey({ worker, request }), 1)
    this.#carryOut(this.broker.put({ worker, request }, { queue, payload: items, ticket }))
  }

  #turn(worker: string, message: TurnMessage): void {
    const { loop, request, acks, returns, puts, closes, emitted, items, error, ended } = message
    const party = { worker, request }
    if (returns.length > 0) this.#carryOut(this.broker.giveBack(worker, returns))
    if (error !== undefined) this.#fail(party, loop, acks, error)
    else {
      this.#countAcks(acks)
      if (request !== 0) this.#rooms.set(toKey(party), puts.length + 1)
      const deal = { acks, closes, puts: puts.map(({ items: payload, ...rest }) => ({ ...rest, payload })) }
      const effects = this.broker.settle(party, deal)
      const refused = effects.find(({ type }) => type === 'refused')
      if (refused === undefined) this.#emit(worker, emitted, items)
      this.#carryOut(effects)
      if (refused !== undefined && 'queue' in refused) {
        this.#carryOut(this.broker.giveBack(worker, acks))
        this.#host.refused(loop, refused.queue)
      } else this.#admit(party)
    }
    for (const lease of acks) this.#loopOf.delete(lease)
    if (ended) this.#host.ended(worker, loop)
  }

  #fail(party: Party, loop: number, leases: readonly number[], error: TurnMessage['error'] & object): void {
    for (const lease of leases) this.#loopOf.set(lease, loop)
    const entries = leases.map((lease) => this.broker.find(lease)).filter((entry) => entry !== undefined)
    this.#host.thrown(party.worker, loop, error, entries)
    this.#carryOut(this.broker.fail(party.worker, leases))
    this.#host.send(party.worker, { kind: 'done', request: party.request })
  }

  #countAcks(acks: readonly number[]): void {
    let items = 0
    for (const lease of acks) items += countPacked(this.broker.find(lease)?.payload ?? [])
    if (items > 0) this.#host.counted(items, false)
  }

  #emit(worker: string, { values, tickets }: TurnMessage['emitted'], items: number): void {
    if (items > 0) this.#host.counted(items, true)
    const list = unpack(values)
    for (const [index, value] of list.entries()) {
      this.#results.add(Object.freeze({ value, ticket: tickets[index], worker }))
    }
  }

  /** What a dead worker held goes back, and nothing that it asked for is answered. */
  bury(worker: string, isCharged: boolean): void {
    this.#held = this.#held.filter((party) => party.worker !== worker)
    this.#carryOut(this.broker.bury(worker, isCharged))
    for (const keys of [this.#rooms, this.#pendingLoops]) {
      for (const key of keys.keys()) if (key.startsWith(`${worker}/`)) keys.delete(key)
    }
    this.#host.changed()
  }

  close(queue: number, error?: unknown): void {
    this.#carryOut(this.broker.close(queue, error))
    this.#host.changed()
  }

  /** The program puts a chunk. */
  putOwn(
    queue: number,
    payload: PackedValues,
    ticket: Ticket | undefined,
    answer: (given: ParentAnswer) => void,
  ): void {
    const request = this.#nextRequest++
    this.#parent.set(request, answer)
    this.#carryOut(this.broker.put({ worker: '', request }, { queue, payload, ticket }))
    this.#host.changed()
  }

  /** The program takes a chunk. */
  takeOwn(queue: number, answer: (given: ParentAnswer) => void): void {
    const request = this.#nextRequest++
    this.#parent.set(request, answer)
    this.#carryOut(this.broker.take({ worker: '', request }, queue, false))
    this.#host.changed()
  }

  /** Results were read: those who wait for that may go on. */
  resume(): void {
    for (const party of this.#held.splice(0)) this.#done(party)
  }

  #carryOut(effects: readonly DeskEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'settled') this.#results.settle(effect.ticket)
      else if (effect.type === 'dead') this.#giveUp(effect)
      else if (effect.to.worker === '') this.#answerOwn(effect)
      else this.#answer(effect)
    }
  }

  #giveUp({ entry, why, lease }: Extract<DeskEffect, { readonly type: 'dead' }>): void {
    const loop = this.#loopOf.get(lease) ?? 0
    this.#loopOf.delete(lease)
    this.#host.dead(entry, why, loop)
  }

  #answerOwn(effect: ParentAnswer): void {
    const answer = this.#parent.get(effect.to.request)
    this.#parent.delete(effect.to.request)
    answer?.(effect)
  }

  #answer(effect: ParentAnswer): void {
    const { to } = effect
    const { request } = to
    if (effect.type === 'admitted') return this.#admit(to)
    if (effect.type === 'refused') {
      this.#rooms.delete(toKey(to))
      return this.#host.send(to.worker, { kind: 'done', request, closedQueue: effect.queue })
    }
    const key = toKey(to)
    const loop = this.#pendingLoops.get(key)
    this.#pendingLoops.delete(key)
    if (effect.type === 'closed') {
      const { error } = effect
      const rest = error === undefined ? {} : { error: encodeError(error, true) }
      return this.#host.send(to.worker, { kind: 'taken', request, size: 0, ...rest })
    }
    const { entry, lease } = effect
    if (lease !== 0 && loop !== undefined) this.#loopOf.set(lease, loop)
    const size = this.broker.queues[entry.queue]!.entries.length
    const chunk = { lease, ticket: entry.ticket, items: entry.payload }
    this.#host.send(to.worker, { kind: 'taken', request, size, chunk })
  }

  /** One of the chunks of a request has found room; the last one answers it. */
  #admit(party: Party): void {
    const key = toKey(party)
    const left = (this.#rooms.get(key) ?? 1) - 1
    if (left > 0) this.#rooms.set(key, left)
    else {
      this.#rooms.delete(key)
      if (party.request === 0) return
      if (this.#results.isFull) this.#held.push(party)
      else this.#done(party)
    }
  }

  #done({ worker, request }: Party): void {
    this.#host.send(worker, { kind: 'done', request })
  }

  #noteTake(loop: number, queue: number): void {
    const queues = this.#tookFrom.get(loop)
    if (queues === undefined) this.#tookFrom.set(loop, new Set([queue]))
    else queues.add(queue)
  }

  /** Chunks that came back to queues of that loop which are closed: others may have been told that nothing is left. */
  countReturned(loop: number): number {
    let count = 0
    for (const queue of this.#tookFrom.get(loop) ?? []) {
      const { isClosed, entries } = this.broker.queues[queue]!
      if (isClosed) count += entries.list().filter(({ hasReturned }) => hasReturned).length
    }
    return count
  }

  /** The loop is over. */
  forget(loop: number): void {
    this.#tookFrom.delete(loop)
  }

  /** Takes that are not answered. */
  get waiting(): number {
    return this.#pendingLoops.size
  }

  /** Which loops of which workers wait for a chunk: `worker/loop`. */
  listWaiting(): Set<string> {
    const waiting = new Set<string>()
    for (const [key, loop] of this.#pendingLoops) waiting.add(`${key.slice(0, key.indexOf('/'))}/${loop}`)
    return waiting
  }

  /** The program's own requests end: the pool does. */
  abandon(answerAll: (answer: (given: ParentAnswer) => void) => void): void {
    for (const answer of this.#parent.values()) answerAll(answer)
    this.#parent.clear()
  }
}

function toKey({ worker, request }: Party): string {
  return `${worker}/${request}`
}
