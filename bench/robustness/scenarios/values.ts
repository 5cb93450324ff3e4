import { isDeepStrictEqual } from 'node:util'
import type { ValuesCase } from '../case.ts'
import type { OpenPool } from '../contract.ts'
import { observe } from '../deadline.ts'
import type { Outcome } from '../facts.ts'
import type { Context } from '../scenario.ts'
import { destroyPool, openPool } from '../scenario.ts'

function createValues(): Record<string, unknown> {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  // oxlint-disable-next-line no-sparse-arrays -- the hole is the value under test
  const hole = [1, , 3]
  return {
    Map: new Map([['a', 1]]),
    Set: new Set([1, 2]),
    Date: new Date(86_400_000),
    BigInt: 2n ** 70n,
    Uint8Array: new Uint8Array([1, 2, 255]),
    '-0': [-0],
    hole,
    cycle,
  }
}

/** Every value to a worker and back; after a failure the next one gets a fresh pool. */
export async function runValues(context: Context<ValuesCase>): Promise<void> {
  const values: Record<string, Outcome> = {}
  let pool: OpenPool | undefined
  for (const [name, value] of Object.entries(createValues())) {
    pool ??= await openPool(context, { workers: 1 })
    if (pool === undefined) return
    const current = pool
    const outcome = await observe(
      () => current.run('roundTrip', { value }),
      1500,
      (back) => isDeepStrictEqual(back, { value }),
    )
    values[name] = outcome
    context.report('values', values)
    if (outcome.status !== 'value') {
      await destroyPool(pool)
      pool = undefined
    }
  }
  await destroyPool(pool)
}
