/** A wrong command line: its message is all that the user needs to see. The program ends with 2. */
export class UsageError extends Error {
  override name = 'UsageError'
  readonly exitCode: number = 2
}

/** The command line is right, but something is not there that it needs. The program ends with 1. */
export class MissingError extends UsageError {
  override name = 'MissingError'
  override readonly exitCode: number = 1
}

/** The name that was probably meant: one that begins so, or the one with the fewest different letters. */
export function findClosest(wrong: string, names: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(wrong.length / 3))
  const [best] = names
    .map((name) => ({ name, distance: name.startsWith(wrong) ? 0 : countEdits(wrong, name) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance)
  return best?.name
}

/** `did you mean "primes"?`, or where to look. */
export function suggest(wrong: string, names: readonly string[], elsewhere: string): string {
  const closest = findClosest(wrong.toLowerCase(), names)
  return closest === undefined ? elsewhere : `did you mean ${closest}?`
}

/** Letters to insert, remove or replace until `from` is `to`. */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1))
    }
    above = current
  }
  return above[to.length]!
}
