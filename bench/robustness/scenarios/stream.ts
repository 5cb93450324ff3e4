import type { StreamCase } from '../case.ts'
import type { OpenPool } from '../contract.ts'
import { observe, waitFor, watch } from '../deadline.ts'
import type { StreamFacts } from '../facts.ts'
import type { Context } from '../scenario.ts'
import { callEcho, destroyPool, openPool } from '../scenario.ts'
import { mapInWindow } from '../window.ts'

const ITEMS = 2000
const DIES_AT = 500
const WRAPPER = { window: 16, retries: 3 }

interface Item {
  n: number
  dieAt: number
}

async function* count(facts: StreamFacts, end: number, dieAt: number): AsyncGenerator<Item> {
  try {
    for (let n = 0; n < end; n++) {
      facts.pulled++
      yield { n, dieAt }
    }
  } finally {
    facts.sourceClosed = true
  }
}

function mapSource(pool: OpenPool, source: AsyncIterable<unknown>): AsyncIterable<unknown> {
  const task = 'squareOrDie'
  return pool.map?.(task, source) ?? mapInWindow((item) => pool.run(task, item), source, WRAPPER)
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

async function stall(facts: StreamFacts): Promise<void> {
  await delay(1000)
  const early = facts.pulled
  await delay(1000)
  facts.pulledLater = facts.pulled
  facts.pulled = early
}

async function consume(row: StreamCase, pool: OpenPool, facts: StreamFacts): Promise<void> {
  const source = row.does === 'crash' ? count(facts, ITEMS, DIES_AT) : count(facts, Infinity, -1)
  for await (const result of mapSource(pool, source)) {
    if (result !== facts.received ** 2) facts.inOrder = false
    facts.received++
    if (row.does === 'leave' && facts.received === 100) break
    if (row.does === 'stall' && facts.received === 10) {
      await stall(facts)
      break
    }
  }
}

/** Two workers map a source; one of its items ends a worker once, or the consumer leaves or stalls. */
export async function runStream(context: Context<StreamCase>): Promise<void> {
  const { row, report } = context
  const pool = await openPool(context, { workers: 2 })
  if (pool === undefined) return
  const facts: StreamFacts = {
    received: 0,
    inOrder: true,
    pulled: 0,
    sourceClosed: false,
    outcome: { status: 'pending' },
  }
  const job = watch(
    () => consume(row, pool, facts),
    () => true,
  )
  await waitFor([job], row.does === 'crash' ? 12_000 : 6000)
  facts.outcome = job.now()
  report('stream', facts)
  facts.after = await observe(callEcho(pool, 'after', 1), 3000, (value) => value === 1)
  report('stream', facts)
  await destroyPool(pool)
}
