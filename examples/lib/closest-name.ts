/** Finds the name that `wrong` was probably meant to be: at most two letters differ, or it is a beginning. */
export function findClosestName(wrong: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: wrong !== '' && name.startsWith(wrong) ? 0 : countEdits(wrong, name) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && best.distance <= 2 ? best.name : undefined
}

/** Counts the letters to insert, remove or replace until `from` is `to` (Levenshtein distance). */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1))
    }
    above = current
  }
  return above[to.length]!
}
