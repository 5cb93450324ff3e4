import { fileURLToPath } from 'node:url'
import { findEntryUrl } from '../backends/entry-url.ts'
import { EisenmpError } from '../errors.ts'

/**
 * The file that a worker of a service runs.
 *
 * @throws EisenmpError `ERR_EISENMP_START` when a bundler has put this package into one file: that file is not there then.
 */
export function findServiceEntry(name: 'process' | 'thread'): string {
  const url = findEntryUrl(`service-entries/${name}`, import.meta.url)
  if (url !== undefined) return fileURLToPath(url)
  const text = "Cannot start workers as 'eisenmp/server' is part of a bundle: their entry file is missing"
  throw new EisenmpError('ERR_EISENMP_START', `${text}; tell the bundler to leave 'eisenmp' external`)
}
