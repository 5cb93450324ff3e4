import type { RejectCause } from '../../src/dispatch/events.ts'
import type { Item, Ledger } from './ledger.ts'

/** What must be settled because of an event, and how. What a worker held and is not in here waits again. */
export type Outcomes = Map<Item, 'ok' | RejectCause>

const BUDGET_OF = { task: 'error', timeout: 'timeout', crash: 'crash' } as const

/** One attempt is charged to the item: it is settled when that was one too many. */
export function charge(ledger: Ledger, outcomes: Outcomes, item: Item, cause: 'task' | 'timeout' | 'crash'): void {
  if (cause === 'task') item.errors += 1
  else if (cause === 'timeout') item.timeouts += 1
  if (cause !== 'task') item.isSuspect = true
  const used = { task: item.errors, timeout: item.timeouts, crash: item.deaths.length }[cause]
  if (used > ledger.retries[BUDGET_OF[cause]]) outcomes.set(item, cause)
}
