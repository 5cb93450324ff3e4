import { existsSync } from 'node:fs'

/**
 * The URL of a worker entry beside this package's files: `.ts` when run from source, `.js` when compiled.
 * `undefined` when the file is not there, because a bundler has put the package into one file.
 */
export function findEntryUrl(name: string, base: string): URL | undefined {
  const extension = /\.[cm]?[jt]s$/.exec(new URL(base).pathname)?.[0] ?? '.js'
  const url = new URL(`${name}${extension}`, base)
  return existsSync(url) ? url : undefined
}
