import type { DispatchEvent } from '../../src/dispatch/events.ts'
import type { Outcomes } from './charge.ts'
import { foreseeGone } from './foresee-gone.ts'
import { foreseeResults } from './foresee-results.ts'
import type { Ledger } from './ledger.ts'

type EventOf<Type extends DispatchEvent['type']> = Extract<DispatchEvent, { readonly type: Type }>

/** What an event must bring about at once. */
export interface Foresight {
  /** Items that must be settled, and how. */
  readonly outcomes?: Outcomes
  /** The worker that must be ended. */
  readonly mustEnd?: string
  /** The worker whose seat must be filled again. */
  readonly mustReplace?: string
}

/** No unit: where an item is that is never sent. */
const NOWHERE = -3

function foreseeAdded(ledger: Ledger, { job, serial, last, refused }: EventOf<'added'>): Foresight {
  if (last === true) endSource(ledger, job)
  const item = ledger.jobs.get(job)?.chunks.get(serial)?.items[0]
  if (refused === undefined || item === undefined) return {}
  ledger.hold(item, NOWHERE)
  item.attempts = 0
  return { outcomes: new Map([[item, refused]]) }
}

function endSource(ledger: Ledger, id: number): void {
  const job = ledger.jobs.get(id)
  if (job === undefined) return
  job.hasEnded = true
  job.isPulling = false
}

function cancel(ledger: Ledger, { job: id, serial }: EventOf<'cancelled'>): void {
  const job = ledger.jobs.get(id)
  if (job === undefined) return
  for (const chunk of [...job.chunks.values()]) {
    if (serial === undefined || serial === chunk.serial) ledger.cancel(job, chunk)
  }
  if (serial === undefined) job.isCancelled = true
}

function foreseeAnswer(ledger: Ledger, event: EventOf<'results'>): Foresight {
  const outcomes = foreseeResults(ledger, event)
  if (outcomes !== undefined) return { outcomes }
  return ledger.workers.get(event.worker)!.isEnding ? {} : { mustEnd: event.worker }
}

function foreseeEnd(ledger: Ledger, event: EventOf<'gone'>): Foresight {
  const isKnown = ledger.workers.has(event.worker)
  return { outcomes: foreseeGone(ledger, event), ...(isKnown ? { mustReplace: event.worker } : {}) }
}

function noteStalled(ledger: Ledger, event: EventOf<'stalled'>): void {
  const worker = ledger.workers.get(event.worker)
  if (worker?.held[0]?.unit.id === event.unit) worker.stalled = event.unit
}

const foreseers: { readonly [Type in DispatchEvent['type']]?: (ledger: Ledger, event: EventOf<Type>) => unknown } = {
  added: foreseeAdded,
  ended: (ledger, { job }) => endSource(ledger, job),
  consumed: (ledger, { job, serial }) => ledger.jobs.get(job)?.chunks.delete(serial),
  cancelled: cancel,
  ready: (ledger, { worker }) => ledger.welcome(worker),
  results: foreseeAnswer,
  stalled: noteStalled,
  gone: foreseeEnd,
  closing: (ledger) => {
    ledger.isClosing = true
  },
}

/** Keeps the ledger up with an event, before the instructions for it are known. */
export function foresee(ledger: Ledger, event: DispatchEvent): Foresight {
  const foreseer = foreseers[event.type] as ((ledger: Ledger, event: DispatchEvent) => unknown) | undefined
  const foresight = foreseer?.(ledger, event)
  return typeof foresight === 'object' ? (foresight as Foresight) : {}
}
