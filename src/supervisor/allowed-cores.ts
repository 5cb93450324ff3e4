import { join } from 'node:path'
import { parseCoreList } from './core-list.ts'
import { findStatusField, readSystemFile } from './proc-files.ts'

/**
 * Numbers of the cores that a thread may run on, in ascending order; of the calling thread, and so of all it starts,
 * unless told otherwise. `undefined` where the system does not tell (not Linux), and for a thread that is gone.
 */
export function readAllowedCores(folder: string = join('/proc', 'thread-self')): number[] | undefined {
  const status = readSystemFile(join(folder, 'status'))
  const text = status === undefined ? undefined : findStatusField(status, 'Cpus_allowed_list')
  return text === undefined ? undefined : parseCoreList(text)
}
