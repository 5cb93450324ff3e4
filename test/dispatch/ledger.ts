import type { WorkerDeath } from '../../src/errors.ts'
import type { JobSpec, RejectCause, Unit } from '../../src/dispatch/events.ts'
import type { Nature, WorldPlan } from './plan.ts'

/** Where an item is, when it is not in a unit that a worker holds; else the unit's number. */
export const PENDING = 0
export const SETTLED = -1
export const CANCELLED = -2

export interface Item {
  readonly job: number
  readonly serial: number
  readonly index: number
  readonly nature: Nature
  place: number
  outcome: 'ok' | RejectCause | undefined
  /** Sendings that count as attempts. */
  attempts: number
  /** How often a worker began with it. */
  starts: number
  /** A worker began with it, and that attempt was not answered. */
  isInDoubt: boolean
  errors: number
  timeouts: number
  /** Those that count against `retries.crash`. */
  readonly deaths: WorkerDeath[]
  isSuspect: boolean
  /** It was in a unit that was halved: it must not travel in a larger one again. */
  maxUnit: number
}

export interface Chunk {
  readonly serial: number
  readonly items: readonly Item[]
  readonly expectedMs: number | undefined
  open: number
}

export interface LedgerJob {
  readonly id: number
  readonly spec: JobSpec
  /** Neither consumed nor cancelled. */
  readonly chunks: Map<number, Chunk>
  lastSerial: number
  isPulling: boolean
  hasEnded: boolean
  isCancelled: boolean
  pendingItems: number
  /** Units of other jobs that went out since this one has something pending. */
  passedOver: number
}

/** A unit as its worker holds it; answers move `from`. */
export interface HeldUnit {
  readonly unit: Unit
  from: number
  readonly to: number
}

/** A worker as the dispatcher may know it. */
export interface LedgerWorker {
  readonly id: string
  readonly held: HeldUnit[]
  isEnding: boolean
  isStopping: boolean
  /** Told to leave. */
  isRetiring: boolean
  isBroken: boolean
  /** The unit of which it was said that it takes far too long. */
  stalled: number
  timedOut: { readonly unit: number; readonly index: number | undefined } | undefined
}

export function createItem(position: Pick<Item, 'job' | 'serial' | 'index'>, nature: Nature): Item {
  return {
    ...position,
    nature,
    place: PENDING,
    outcome: undefined,
    attempts: 0,
    starts: 0,
    isInDoubt: false,
    errors: 0,
    timeouts: 0,
    deaths: [],
    isSuspect: false,
    maxUnit: Infinity,
  }
}

/** Item by item, what must be true: kept up from the events and the instructions alone, in the plainest way. */
export class Ledger {
  readonly jobs = new Map<number, LedgerJob>()
  readonly workers = new Map<string, LedgerWorker>()
  /** Everything that was ever pulled. */
  readonly chunks: Chunk[] = []
  readonly usedUnits = new Set<number>()
  isClosing = false
  pulled = 0
  ok = 0
  failed = 0
  cancelled = 0
  pending = 0
  /** Those of cancelled chunks too, until the worker answers. */
  held = 0
  /** Attempts charged to a budget. */
  errors = 0
  timeouts = 0

  readonly retries: WorldPlan['retries']

  constructor(retries: WorldPlan['retries']) {
    this.retries = retries
  }

  open(id: number, spec: JobSpec): LedgerJob {
    const flags = { isPulling: false, hasEnded: false, isCancelled: false }
    const job = { id, spec, chunks: new Map(), lastSerial: -1, pendingItems: 0, passedOver: 0, ...flags }
    this.jobs.set(id, job)
    return job
  }

  welcome(id: string): void {
    if (this.workers.has(id)) return
    const flags = {
      isEnding: false,
      isStopping: false,
      isRetiring: false,
      isBroken: false,
      stalled: 0,
      timedOut: undefined,
    }
    this.workers.set(id, { id, held: [], ...flags })
  }

  add(job: LedgerJob, chunk: Chunk): void {
    job.isPulling = false
    job.lastSerial = chunk.serial
    job.chunks.set(chunk.serial, chunk)
    job.pendingItems += chunk.items.length
    this.chunks.push(chunk)
    this.pulled += chunk.items.length
    this.pending += chunk.items.length
  }

  itemsOf({ unit, from, to }: HeldUnit): readonly Item[] {
    return this.jobs.get(unit.job)!.chunks.get(unit.serial)?.items.slice(from, to) ?? []
  }

  /** It waits again. */
  release(item: Item): void {
    item.place = PENDING
    this.held -= 1
    this.pending += 1
    this.jobs.get(item.job)!.pendingItems += 1
  }

  hold(item: Item, unit: number): void {
    item.place = unit
    item.attempts += 1
    this.pending -= 1
    this.held += 1
    this.jobs.get(item.job)!.pendingItems -= 1
  }

  /** The item was held. */
  settle(item: Item, outcome: 'ok' | RejectCause): void {
    item.outcome = outcome
    item.place = SETTLED
    this.held -= 1
    this.jobs.get(item.job)!.chunks.get(item.serial)!.open -= 1
    this[outcome === 'ok' ? 'ok' : 'failed'] += 1
  }

  cancel(job: LedgerJob, chunk: Chunk): void {
    for (const item of chunk.items) {
      if (item.place === SETTLED) continue
      if (item.place === PENDING) {
        this.pending -= 1
        job.pendingItems -= 1
      }
      item.place = CANCELLED
      this.failed += 1
      this.cancelled += 1
    }
    chunk.open = 0
    job.chunks.delete(chunk.serial)
  }
}
