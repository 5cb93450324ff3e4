import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { EisenmpError } from '../errors.ts'

/** Where the package `lmdb` may be found from: this package, and the program, when a bundler has put both together. */
function listPlaces(): string[] {
  const here = import.meta.url as string | undefined
  const program = pathToFileURL(process.argv[1] ?? process.cwd()).href
  const folder = pathToFileURL(`${process.cwd()}/`).href
  return [...(here?.startsWith('file:') === true ? [here] : []), program, folder]
}

/**
 * The file of the package `lmdb`, which is an optional one.
 *
 * @throws EisenmpError `ERR_EISENMP_TOOL` when it is not installed.
 */
export function findDriver(places: readonly string[] = listPlaces()): string {
  let cause: unknown
  for (const place of places) {
    try {
      return createRequire(place).resolve('lmdb')
    } catch (error) {
      cause = error
    }
  }
  const text = "Cannot share tools with worker processes without the package 'lmdb': it is not installed"
  throw new EisenmpError('ERR_EISENMP_TOOL', `${text}; run: npm install lmdb, or use backend: 'threads'`, { cause })
}
