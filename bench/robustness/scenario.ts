import type { Case } from './case.ts'
import type { OpenPool, Peer, PoolSettings } from './contract.ts'
import { observe } from './deadline.ts'
import type { Facts } from './facts.ts'

/** What a scenario has in its hands. */
export interface Context<Kind extends Case = Case> {
  peer: Peer
  row: Kind
  /** Folder of this run, for marker files. */
  folder: string
  /** Writes one fact down at once, so that it outlives whatever comes next. */
  report<Key extends keyof Facts>(key: Key, fact: NonNullable<Facts[Key]>): void
}

/** Opens the pool and notes whether that worked; `undefined` if not. */
export async function openPool(context: Context, settings: PoolSettings): Promise<OpenPool | undefined> {
  const { peer, row, report } = context
  let pool: OpenPool | undefined
  const opened = await observe(async () => {
    pool = await peer.open({ ...settings, ...(row.advanced === true && { advanced: true }) })
  }, 5000)
  report('opened', opened)
  return pool
}

/** Ends the pool at any price; what comes after is the business of the runner. */
export async function destroyPool(pool: OpenPool | undefined): Promise<void> {
  if (pool !== undefined) await observe(() => pool.destroy(), 2000)
}

/** The call that proves a pool to be alive. */
export function callEcho(pool: OpenPool, label: string, value: number): () => Promise<unknown> {
  return () => pool.run('echo', { label, value })
}
