/**
 * The cores of this program that servers and fleets have taken, so that a pool can have the rest. One budget for the whole
 * program: several of each share it.
 */
const claims = new Map<object, ReadonlySet<number> | number>()
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of [...listeners]) listener()
}

/**
 * Takes cores: so many, or these.
 *
 * @returns Gives them back; may be called again.
 */
export function claimCores(share: readonly number[] | number): () => void {
  const owner = {}
  claims.set(owner, typeof share === 'number' ? share : new Set(share))
  tell()
  return () => {
    if (claims.delete(owner)) tell()
  }
}

/** How many of so many cores nobody has taken; at least one, since a pool without workers would do nothing. */
export function countRest(cores: number): number {
  let taken = 0
  const named = new Set<number>()
  for (const share of claims.values()) {
    if (typeof share === 'number') taken += share
    else for (const core of share) named.add(core)
  }
  return Math.max(1, cores - taken - named.size)
}

/**
 * Calls whenever what is left may have changed.
 *
 * @returns Stops it.
 */
export function watchRest(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
