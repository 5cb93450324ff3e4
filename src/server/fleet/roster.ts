import type { EisenmpError } from '../../errors.ts'
import { createDeferred } from '../../internal/deferred.ts'
import type { WireError } from '../../protocol/wire-error.ts'
import type { LifeRecord } from '../life.ts'
import { CommandDesk } from './command-desk.ts'
import { explainClosed, explainDeath, explainEndedCall, explainRefused, explainStopped } from './explain-ends.ts'
import type { FromFleetWorker, ToFleetWorker } from './fleet-messages.ts'
import type { FleetSettings } from './fleet-options.ts'
import { InstanceRecord } from './instance-record.ts'
import { Ledger } from './ledger.ts'
import { StreamDesk } from './stream-desk.ts'

/** What a roster needs of its fleet. */
export interface RosterLink {
  /** The ready life of a seat that does not end. */
  findServing(seat: number): LifeRecord | undefined
  recreated(record: InstanceRecord): void
  lost(record: InstanceRecord): void
}

/** All instances of a fleet, from their creation to their end, whatever becomes of the workers they are in. */
export class Roster {
  readonly ledger: Ledger<InstanceRecord>
  readonly desk: CommandDesk
  readonly streams: StreamDesk = new StreamDesk(send)
  readonly #settings: FleetSettings
  readonly #link: RosterLink
  readonly #byId = new Map<number, InstanceRecord>()
  readonly #leaving = new WeakSet<LifeRecord>()
  #count = 0
  #isClosing = false

  constructor(settings: FleetSettings, link: RosterLink) {
    const { workers, placement, maxPerWorker, queue } = settings
    this.#settings = settings
    this.#link = link
    this.ledger = new Ledger({ workers, placement, maxPerWorker })
    this.desk = new CommandDesk(workers, queue, {
      canTake: (record) => record.state === 'running' && record.life !== undefined && !this.#leaving.has(record.life),
      send: (record, body) => send(record, body),
    })
  }

  /** Creates an instance; the input MUST be a copy. */
  async create(name: string, input: unknown): Promise<InstanceRecord> {
    const record = new InstanceRecord(++this.#count, name, input)
    this.ledger.add(record)
    this.#byId.set(record.id, record)
    this.#make(record)
    await record.started.promise
    return record
  }

  /** Gives a seat's worker the instances that wait for it. */
  #fill(seat: number): void {
    for (const record of this.ledger.listOn(seat)) this.#make(record)
  }

  /** Makes it in its worker, if that is there; else it waits. */
  #make(record: InstanceRecord): void {
    if (record.life !== undefined || record.isHeld) return
    const life = this.#link.findServing(record.worker!)
    if (life === undefined || this.#leaving.has(life)) return
    record.life = life
    record.hasStopped = false
    const readers = this.streams.renew(record)
    const { id, name, input } = record
    send(record, { kind: 'create', instance: id, name, input, readers })
  }

  /** Ends the instance, after the commands before. */
  stop(record: InstanceRecord): Promise<void> {
    record.stopping ??= this.#stop(record)
    return record.stopping
  }

  async #stop(record: InstanceRecord): Promise<void> {
    if (record.moving !== undefined) await record.moving.catch(() => {})
    record.isHeld = true
    if (record.life === undefined) return this.#finish(record)
    record.state = 'stopping'
    this.desk.flush(record)
    try {
      await this.#endLife(record)
    } finally {
      this.#finish(record)
    }
  }

  /** Ends an instance in the worker that has it. */
  async #endLife(record: InstanceRecord): Promise<void> {
    const ended = (record.ended = createDeferred<void>())
    send(record, { kind: 'stop', instance: record.id })
    try {
      await ended.promise
    } finally {
      record.ended = undefined
    }
  }

  /** It is no more: its name and its room are free. */
  #finish(record: InstanceRecord): void {
    const explain = (call: string): EisenmpError => explainEndedCall(call, 'it has been stopped')
    this.desk.lose(record, explain)
    record.life = undefined
    record.state = 'stopped'
    this.desk.drop(record, explain)
    this.streams.end(record)
    record.started.reject(explainClosed(record))
    this.ledger.remove(record)
    this.#byId.delete(record.id)
  }

  /** Stops all instances of a worker, side by side; no new ones come to it. */
  stopAll(seat: number): Promise<PromiseSettledResult<void>[]> {
    this.ledger.closeWorker(seat)
    return Promise.allSettled(this.ledger.listOn(seat).map((record) => this.stop(record)))
  }

  /**
   * Moves all instances of a worker to others.
   *
   * @returns Those that have moved, and those that could not be made again.
   * @throws EisenmpError `ERR_EISENMP_FULL` before anything is stopped.
   */
  async moveAll(seat: number): Promise<PromiseSettledResult<void>[]> {
    const records = this.ledger.moveAll(seat)
    return Promise.allSettled(
      records.map((record) => {
        record.moving = this.#move(record).finally(() => (record.moving = undefined))
        return record.moving
      }),
    )
  }

  async #move(record: InstanceRecord): Promise<void> {
    if (record.life !== undefined) await this.#leaveLife(record)
    if (record.stopping !== undefined || record.worker === undefined) return
    this.#make(record)
    await record.started.promise
  }

  /** Ends it where it is, once it has begun. What its `stop()` throws does not keep it from going on elsewhere. */
  async #leaveLife(record: InstanceRecord): Promise<void> {
    if (record.state !== 'running') await record.started.promise.catch(() => {})
    // It may have been stopped or lost meanwhile, or its worker may have died.
    if (record.life === undefined || record.stopping !== undefined) return
    record.state = 'moving'
    record.isHeld = true
    await this.#endLife(record).catch(() => {})
    this.desk.lose(record, (call) => explainEndedCall(call, 'it was moved to another worker meanwhile'))
    record.life = undefined
    record.isHeld = false
    record.started = createDeferred()
  }

  /** The worker of a seat is there. */
  ready(life: LifeRecord): void {
    this.#fill(life.seat)
  }

  /** It takes no more commands; those that it has got may still be answered. */
  leaving(life: LifeRecord): void {
    this.#leaving.add(life)
  }

  /** A worker has ended, and its instances with it. */
  gone(life: LifeRecord, reason: string): void {
    this.#leaving.add(life)
    for (const record of [...this.#byId.values()].filter((each) => each.life === life)) {
      const error = explainDeath(life, reason)
      this.desk.lose(record, (call) => (this.#isClosing ? explainClosed(record) : error(`the outcome of ${call}`)))
      record.life = undefined
      if (record.ended !== undefined && record.hasStopped) record.ended.resolve()
      else if (record.ended !== undefined) {
        record.ended.reject(error(`whether instance '${record.name}' was stopped properly`))
      } else if (this.#isClosing) this.#finish(record)
      else if (record.state === 'starting')
        this.#refuse(record, error(`the outcome of creating instance '${record.name}'`))
      else if (this.#settings.onWorkerLost === 'report')
        this.#lose(record, error(`what became of instance '${record.name}'`))
      else this.#recreate(record)
    }
    this.#fill(life.seat)
  }

  #recreate(record: InstanceRecord): void {
    record.state = 'recreating'
    record.started = createDeferred()
  }

  /** It could not be created. */
  #refuse(record: InstanceRecord, error: unknown): void {
    record.started.reject(error)
    this.#finish(record)
  }

  #lose(record: InstanceRecord, error: unknown): void {
    this.desk.lose(record, () => error)
    record.life = undefined
    record.state = 'lost'
    record.loss = error
    record.started.reject(error)
    this.ledger.unplace(record)
    this.desk.drop(record, () => error)
    this.streams.end(record, { error })
    this.#link.lost(record)
  }

  /** No worker comes to this seat any more, unless it is asked for. */
  gaveUp(seat: number, error: unknown): void {
    if (this.#isClosing) return
    this.ledger.closeWorker(seat)
    for (const record of this.ledger.listOn(seat)) {
      if (record.life !== undefined) continue
      if (record.state === 'starting') this.#refuse(record, error)
      else this.#lose(record, error)
    }
  }

  /** A worker has said something. */
  take(life: LifeRecord, message: FromFleetWorker): void {
    switch (message.kind) {
      case 'result':
      case 'failed':
        return this.desk.answer(message)
      case 'value':
        return this.streams.take(message)
      default: {
        const record = this.#byId.get(message.instance)
        // Of a life before: its end has been told already.
        if (record?.life !== life) return
        if (message.kind === 'created') this.#tellCreated(record)
        else if (message.kind === 'refused') this.#tellRefused(record, message.error)
        else this.#tellStopped(record, message)
      }
    }
  }

  #tellCreated(record: InstanceRecord): void {
    const { state } = record
    if (state !== 'stopping') record.state = 'running'
    record.started.resolve()
    if (state === 'recreating') this.#link.recreated(record)
    this.desk.serve(record)
  }

  #tellRefused(record: InstanceRecord, wire: WireError): void {
    const error = explainRefused(record, wire)
    if (record.state === 'starting') this.#refuse(record, error)
    else if (record.state === 'stopping') record.ended?.resolve()
    else this.#lose(record, error)
  }

  #tellStopped(record: InstanceRecord, message: Extract<FromFleetWorker, { kind: 'stopped' }>): void {
    record.hasStopped = true
    const error = explainStopped(record, message, this.#settings.drain.inFlightMs)
    // Where nobody has asked for it, the whole worker ends, and is about to be gone.
    if (error === undefined) record.ended?.resolve()
    else record.ended?.reject(error)
  }

  /** From now on nothing is taken in; commands that were asked for before are sent, so that they have their time. */
  beginClosing(): void {
    this.#isClosing = true
    for (const record of [...this.#byId.values()]) {
      if (record.state === 'running') this.desk.flush(record)
      if (record.life === undefined) this.#finish(record)
    }
  }

  /** No worker is left. */
  finishClosing(): void {
    for (const record of [...this.#byId.values()]) this.#finish(record)
  }
}

function send(record: InstanceRecord, body: ToFleetWorker): void {
  record.life?.host.send({ kind: 'custom', body })
}
