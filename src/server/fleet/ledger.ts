import { EisenmpError } from '../../errors.ts'
import { findClosestName } from '../../internal/closest-name.ts'
import { showValue } from '../../options.ts'
import { type Placement, choosePlace } from './placement.ts'

/** What a ledger keeps of an instance. */
export interface LedgerEntry {
  readonly name: string
  readonly input: unknown
  /** Its seat; `undefined`: it has none, as after a loss, and takes no room. */
  worker: number | undefined
}

export interface LedgerRules {
  readonly workers: number
  readonly placement: Placement
  readonly maxPerWorker: number
}

/** A longer name says nothing more, and would fill messages. */
const MAX_NAME = 200

/** Which instances there are, and where: the only place that counts them, so that nothing else can break its rules. */
export class Ledger<Entry extends LedgerEntry> {
  readonly #rules: LedgerRules
  readonly #entries = new Map<string, Entry>()
  readonly #counts: number[]
  /** Seats that take nobody: stopped by the user, or given up. */
  readonly #closed = new Set<number>()

  constructor(rules: LedgerRules) {
    this.#rules = rules
    this.#counts = Array.from({ length: rules.workers }, () => 0)
  }

  get size(): number {
    return this.#entries.size
  }

  list(): Entry[] {
    return [...this.#entries.values()]
  }

  listOn(worker: number): Entry[] {
    return this.list().filter((entry) => entry.worker === worker)
  }

  count(worker: number): number {
    return this.#counts[worker]!
  }

  find(name: string): Entry | undefined {
    return this.#entries.get(name)
  }

  /** @throws EisenmpError `ERR_EISENMP_NAME` with the nearest name there is. */
  get(name: string): Entry {
    const entry = this.#entries.get(name)
    if (entry !== undefined) return entry
    const closest = typeof name === 'string' ? findClosestName(name, this.#entries.keys()) : undefined
    const repair = closest === undefined ? 'see fleet.list()' : `did you mean ${showValue(closest)}?`
    throw new EisenmpError('ERR_EISENMP_NAME', `Cannot find instance ${showValue(name)}: there is none; ${repair}`)
  }

  /** @throws EisenmpError `ERR_EISENMP_NAME` for what is no name, or is taken. */
  checkName(name: unknown): asserts name is string {
    if (typeof name !== 'string' || name === '' || name.length > MAX_NAME) {
      const text = `Cannot name an instance ${showValue(name)}`
      throw new EisenmpError('ERR_EISENMP_NAME', `${text}; a name is a text of 1 to ${MAX_NAME} characters`)
    }
    if (!this.#entries.has(name)) return
    const text = `Cannot create instance ${showValue(name)}: there is one of that name`
    throw new EisenmpError('ERR_EISENMP_NAME', `${text}; get it by fleet.get(), or stop it before`)
  }

  /**
   * Chooses a worker for an instance.
   *
   * @param counts - Instances of each worker.
   * @throws EisenmpError `ERR_EISENMP_FULL` when none has room.
   */
  #choose(entry: Pick<LedgerEntry, 'name' | 'input'>, counts: readonly number[]): number {
    const { placement, maxPerWorker } = this.#rules
    const open = counts
      .map((instances, index) => ({ index, instances }))
      .filter(({ index }) => !this.#closed.has(index))
    const workers = open.filter(({ instances }) => instances < maxPerWorker)
    if (workers.length > 0) return choosePlace(placement, { name: entry.name, input: entry.input, workers })
    const text = `Cannot place instance ${showValue(entry.name)}: `
    if (open.length === 0) {
      throw new EisenmpError('ERR_EISENMP_FULL', `${text}no worker takes instances; start one by fleet.startWorker()`)
    }
    const full = `all ${open.length} workers are full, with ${maxPerWorker} instances each (maxPerWorker)`
    throw new EisenmpError('ERR_EISENMP_FULL', `${text}${full}; stop some, or raise maxPerWorker or workers`)
  }

  /** Adds an instance, and gives its worker. */
  add(entry: Entry): number {
    this.checkName(entry.name)
    const worker = this.#choose(entry, this.#counts)
    this.#entries.set(entry.name, entry)
    this.#put(entry, worker)
    return worker
  }

  #put(entry: Entry, worker: number | undefined): void {
    if (entry.worker !== undefined) this.#counts[entry.worker]! -= 1
    entry.worker = worker
    if (worker !== undefined) this.#counts[worker]! += 1
  }

  /** The instance runs nowhere any more; its name stays taken. */
  unplace(entry: Entry): void {
    this.#put(entry, undefined)
  }

  remove(entry: Entry): void {
    if (this.#entries.get(entry.name) !== entry) return
    this.#put(entry, undefined)
    this.#entries.delete(entry.name)
  }

  /** Nobody new comes to this worker. */
  closeWorker(worker: number): void {
    this.#closed.add(worker)
  }

  openWorker(worker: number): void {
    this.#closed.delete(worker)
  }

  isOpen(worker: number): boolean {
    return !this.#closed.has(worker)
  }

  /**
   * Moves all instances of a worker to others, all or none.
   *
   * @returns Those that were moved; their `worker` is the new one.
   * @throws EisenmpError `ERR_EISENMP_FULL` when the others have no room for all; then nothing has changed.
   */
  moveAll(from: number): Entry[] {
    const counts = [...this.#counts]
    const entries = this.listOn(from)
    const wasOpen = this.isOpen(from)
    this.closeWorker(from)
    try {
      const places = entries.map((entry) => {
        const place = this.#choose(entry, counts)
        counts[place]! += 1
        return place
      })
      entries.forEach((entry, index) => this.#put(entry, places[index]))
      return entries
    } catch (error) {
      if (wasOpen) this.openWorker(from)
      throw error
    }
  }
}
