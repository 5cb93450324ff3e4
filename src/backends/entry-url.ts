import { existsSync } from 'node:fs'

/**
 * The URL of a worker entry beside this package's files: `.ts` when run from source, `.js` when compiled.
 * `undefined` when the file is not there, because a bundler has put the package into one file; in a CommonJS bundle
 * `import.meta.url` is missing altogether.
 */
export function findEntryUrl(name: string, base: string | undefined): URL | undefined {
  if (base === undefined) return undefined
  const extension = /\.[cm]?[jt]s$/.exec(new URL(base).pathname)?.[0] ?? '.js'
  const url = new URL(`${name}${extension}`, base)
  return existsSync(url) ? url : undefined
}
