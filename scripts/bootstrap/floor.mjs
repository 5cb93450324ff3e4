import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/** The range of Node versions that package.json asks for. */
export const floor = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node

/**
 * Whether a Node version lies in a range of the two forms that package.json uses, `^a.b.c` and `>=a`, joined by `||`.
 *
 * @param {string} version with or without the leading `v`; pre-releases (nightlies) count as their release
 * @param {string} range
 */
export function satisfies(version, range = floor) {
  const actual = toNumbers(version.replace(/^v/, ''))
  return range.split('||').some((part) => {
    const [, operator, wanted] = /^\s*(\^|>=)\s*([\d.]+)\s*$/.exec(part) ?? []
    if (!wanted) throw new Error(`Cannot read the Node range "${range}" of package.json`)
    const least = toNumbers(wanted)
    return isAtLeast(actual, least) && (operator === '>=' || actual[0] === least[0])
  })
}

function toNumbers(version) {
  const [major = 0, minor = 0, patch = 0] = version.split('-')[0].split('.').map(Number)
  return [major, minor, patch]
}

function isAtLeast(actual, least) {
  const at = actual.findIndex((part, index) => part !== least[index])
  return at === -1 || actual[at] > least[at]
}
