import type { ResultsEvent } from '../../src/dispatch/events.ts'
import { type Outcomes, charge } from './charge.ts'
import type { HeldUnit, Item, Ledger, LedgerWorker } from './ledger.ts'

function isPossible({ unit, from, to }: HeldUnit, { count, failures, from: stated }: ResultsEvent): boolean {
  if (count > to - from || (stated !== undefined && unit.start + stated !== from)) return false
  return failures.every(({ offset }, i) => offset < count && (i === 0 || offset > failures[i - 1]!.offset))
}

function findLate(worker: LedgerWorker, held: HeldUnit, { failures }: ResultsEvent): number | undefined {
  if (worker.timedOut?.unit !== held.unit.id) return undefined
  if (worker.timedOut.index !== undefined) return worker.timedOut.index
  return failures.length === 0 ? undefined : held.from + failures.at(-1)!.offset
}

function foreseeFailures(ledger: Ledger, outcomes: Outcomes, event: ResultsEvent, late: number | undefined): void {
  const answered = [...outcomes.keys()]
  for (const { offset, cause } of event.failures) {
    const item = answered[offset]!
    outcomes.delete(item)
    const isLate = item.index === late
    ledger[isLate ? 'timeouts' : 'errors'] += 1
    if (isLate) charge(ledger, outcomes, item, 'timeout')
    else if (cause === 'task') charge(ledger, outcomes, item, 'task')
    else outcomes.set(item, cause)
  }
}

function findHeld(worker: LedgerWorker | undefined, event: ResultsEvent): HeldUnit | undefined {
  return worker?.held.find(({ unit, from }) => {
    if (unit.id !== event.unit || unit.attempt !== event.attempt) return false
    return event.from === undefined || unit.start + event.from >= from
  })
}

/** The worker has what is left, or gives it back unstarted. */
function moveOn(ledger: Ledger, worker: LedgerWorker, held: HeldUnit, event: ResultsEvent): void {
  const { timedOut } = worker
  held.from += event.count
  if (timedOut?.unit === event.unit && (event.last || (timedOut.index ?? Infinity) < held.from)) {
    worker.timedOut = undefined
  }
  if (!event.last) return
  worker.held.splice(worker.held.indexOf(held), 1)
  const left = ledger.itemsOf(held)
  if (left.length === 0) ledger.held -= held.to - held.from
  for (const item of left) {
    item.attempts -= 1
    ledger.release(item)
  }
}

function settleAnswered(outcomes: Outcomes, items: readonly Item[]): void {
  for (const item of items) {
    item.isInDoubt = false
    outcomes.set(item, 'ok')
  }
}

/** An answer settles what it covers, but for failures within their budget; `undefined` when the worker must be ended. */
export function foreseeResults(ledger: Ledger, event: ResultsEvent): Outcomes | undefined {
  const outcomes: Outcomes = new Map()
  const worker = ledger.workers.get(event.worker)
  const held = findHeld(worker, event)
  if (worker === undefined || held === undefined || worker.isBroken) return outcomes
  if (!isPossible(held, event)) {
    worker.isBroken = true
    return undefined
  }
  const answered = ledger.itemsOf(held).slice(0, event.count)
  if (answered.length === 0) ledger.held -= event.count
  else {
    settleAnswered(outcomes, answered)
    foreseeFailures(ledger, outcomes, event, findLate(worker, held, event))
    for (const item of answered) if (!outcomes.has(item)) ledger.release(item)
  }
  moveOn(ledger, worker, held, event)
  return outcomes
}
