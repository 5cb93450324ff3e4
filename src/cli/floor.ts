/**
 * Says what is wrong with a Node that lies outside the range of package.json; `undefined` for one inside.
 *
 * Reads ranges of `^a.b.c` and `>=a` joined by `||`. A pre-release counts as its release. Only old syntax here: it runs on
 * every Node that knows modules.
 */
export function explainFloor(version: string, range: string): string | undefined {
  const actual = toNumbers(version)
  for (const part of range.split('||')) {
    const match = /^\s*(\^|>=)\s*([\d.]+)\s*$/.exec(part)
    if (!match) continue
    const least = toNumbers(String(match[2]))
    if (isAtLeast(actual, least) && (match[1] === '>=' || actual[0] === least[0])) return undefined
  }
  return (
    'eisenmp needs Node ' +
    range +
    ', and this is Node ' +
    version +
    '.\n' +
    'Install a newer one (https://nodejs.org), or put it first in PATH, and try again.'
  )
}

function toNumbers(version: string): number[] {
  return String(version.split('-')[0]).split('.').map(Number)
}

function isAtLeast(actual: number[], least: number[]): boolean {
  for (let i = 0; i < 3; i++) {
    const difference = (actual[i] || 0) - (least[i] || 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
