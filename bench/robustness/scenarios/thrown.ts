import type { ThrownCase } from '../case.ts'
import { observe } from '../deadline.ts'
import type { Context } from '../scenario.ts'
import { destroyPool, openPool } from '../scenario.ts'

/** One call of a task that throws; the rejection is described with its whole cause chain. */
export async function runThrown(context: Context<ThrownCase>): Promise<void> {
  const pool = await openPool(context, { workers: 1 })
  if (pool === undefined) return
  const task = context.row.what === 'subclass' ? 'throwSubclass' : 'throwText'
  context.report(
    'thrown',
    await observe(
      () => pool.run(task, null),
      4000,
      () => false,
    ),
  )
  await destroyPool(pool)
}
