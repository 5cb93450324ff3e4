import type { PoolStats } from '../../src/index.ts'

/** What does not agree in the counts of a quiet pool, where `inFlight` is `pulled - ok - failed`; nothing when all does. */
export function findMiscounts(stats: PoolStats): string[] {
  const { ok, inFlight, attempts, errors, crashes, timeouts, staleResults } = stats
  const wrong: string[] = []
  if (inFlight !== 0) wrong.push(`in flight ${inFlight}`)
  const ends = ok + errors + crashes + timeouts + staleResults
  if (attempts !== ends) {
    wrong.push(
      `attempts ${attempts}, ok ${ok}, errors ${errors}, crashes ${crashes}, timeouts ${timeouts}, stale ${staleResults}`,
    )
  }
  return wrong
}
