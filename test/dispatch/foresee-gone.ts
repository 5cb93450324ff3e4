import type { GoneEvent } from '../../src/dispatch/events.ts'
import { type Outcomes, charge } from './charge.ts'
import type { HeldUnit, Item, Ledger, LedgerWorker } from './ledger.ts'

interface Scene {
  readonly ledger: Ledger
  readonly worker: LedgerWorker
  readonly event: GoneEvent
  readonly outcomes: Outcomes
}

/** The item is charged with the death: rule 4. */
function blame({ ledger, worker, event, outcomes }: Scene, held: HeldUnit, item: Item, wasStarted: boolean): void {
  const { timedOut } = worker
  const isLate = timedOut?.unit === held.unit.id && (timedOut.index ?? item.index) === item.index
  if (isLate) ledger.timeouts += 1
  const isOnce = wasStarted && ledger.retries.crash === 0
  if (isOnce) outcomes.set(item, isLate ? 'timeout' : 'unknown')
  else if (isLate) charge(ledger, outcomes, item, 'timeout')
  else if (!worker.isEnding || !wasStarted) {
    item.deaths.push(event.death)
    charge(ledger, outcomes, item, 'crash')
  }
}

function suspect(items: readonly Item[], isHalved: boolean): void {
  for (const item of items) {
    item.isSuspect = true
    if (isHalved) item.maxUnit = Math.ceil(items.length / 2)
  }
}

function judgeNext(scene: Scene, held: HeldUnit, items: readonly Item[]): void {
  const isLate = scene.worker.timedOut?.unit === held.unit.id
  if (!isLate && scene.worker.isEnding) return
  if (!isLate && !held.unit.suspect) suspect(items, false)
  else if (items.length > 1) suspect(items, true)
  else blame(scene, held, items[0]!, false)
}

/** The place of the item in work; `undefined` when only the unit is known. */
function findRunningItem({ ledger, worker, event: { mark } }: Scene, { unit, to }: HeldUnit): number | undefined {
  const offset = mark?.unit === unit.id ? mark.offset : Number.NaN
  if (Number.isInteger(offset) && offset >= 0 && unit.start + offset < to) return unit.start + offset
  const isLate = worker.timedOut?.unit === unit.id && ledger.retries.crash > 0
  return isLate ? worker.timedOut!.index : undefined
}

function judgeRunning(scene: Scene, held: HeldUnit, items: readonly Item[]): void {
  const index = findRunningItem(scene, held) ?? (items.length === 1 ? held.from : undefined)
  if (index === undefined) return judgeUnit(scene, held, items)
  if (index < held.from) return judgeNext(scene, held, items)
  if (scene.ledger.retries.crash === 0) loseAll(scene, items.slice(0, index - held.from))
  blame(scene, held, items[index - held.from]!, true)
}

function judgeUnit(scene: Scene, held: HeldUnit, items: readonly Item[]): void {
  const { ledger, worker } = scene
  if (ledger.retries.crash === 0) loseAll(scene, items)
  else if (worker.timedOut?.unit === held.unit.id || !worker.isEnding) suspect(items, true)
}

function loseAll({ outcomes }: Scene, items: readonly Item[]): void {
  for (const item of items) outcomes.set(item, 'unknown')
}

function judge(scene: Scene, position: number, running: number): void {
  const { ledger, worker } = scene
  const held = worker.held[position]!
  const items = ledger.itemsOf(held)
  if (items.length === 0) {
    ledger.held -= held.to - held.from
    return
  }
  const isLost = position < running || worker.isBroken
  if (isLost && ledger.retries.crash === 0) loseAll(scene, items)
  else if (position === running) judgeRunning(scene, held, items)
  else if (position === 0 && running === -1) judgeNext(scene, held, items)
  for (const item of items) if (!scene.outcomes.has(item)) ledger.release(item)
}

/** A worker's end settles the poison, and with at most once what may have started; everything else moves. */
export function foreseeGone(ledger: Ledger, told: GoneEvent): Outcomes {
  const event = told.broken === true ? { ...told, mark: undefined } : told
  const outcomes: Outcomes = new Map()
  const worker = ledger.workers.get(event.worker)
  if (worker === undefined) return outcomes
  const { mark } = event
  worker.isBroken ||= event.broken === true
  const running = mark === undefined ? 0 : worker.held.findIndex(({ unit }) => unit.id === mark.unit)
  for (const position of worker.held.keys()) judge({ ledger, worker, event, outcomes }, position, running)
  ledger.workers.delete(event.worker)
  return outcomes
}
