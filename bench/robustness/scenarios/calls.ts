import type { CallsCase } from '../case.ts'
import { observe, waitFor, watch } from '../deadline.ts'
import type { Context } from '../scenario.ts'
import { callEcho, destroyPool, openPool } from '../scenario.ts'

/** One worker: a faulty call in flight, one queued behind it, one submitted when the fault is over. */
export async function runCalls(context: Context<CallsCase>): Promise<void> {
  const { row, report } = context
  const pool = await openPool(context, {
    workers: 1,
    ...(row.heapMb !== undefined && { heapMb: row.heapMb }),
    ...(row.timeoutMs !== undefined && { timeoutMs: row.timeoutMs }),
  })
  if (pool === undefined) return
  // A limit that counts from the submission must not run out while the worker starts.
  await observe(callEcho(pool, 'warm', 0), 5000)
  const inFlight = watch(() => pool.run(row.task, row.item, row.timeoutMs), row.isRight ?? (() => false))
  const queued = watch(callEcho(pool, 'queued', 1), (value) => value === 1)
  await waitFor([inFlight, queued], row.waitMs ?? 6000)
  report('inFlight', inFlight.now())
  report('queuedBeforeLater', queued.now())
  const later = watch(callEcho(pool, 'later', 2), (value) => value === 2)
  await waitFor([inFlight, queued, later], 3000)
  report('inFlight', inFlight.now())
  report('queued', queued.now())
  report('later', later.now())
  await destroyPool(pool)
}
