import { RefusedValue } from '../../codec/refused-value.ts'
import { snapshot } from '../../codec/snapshot.ts'
import { EisenmpError } from '../../errors.ts'

export interface CopyOptions {
  /** What paths in messages start with. */
  readonly root: string
  /** It leaves the process. */
  readonly isPortable: boolean
  /** What is to be done with it: `create instance 'x'`. */
  readonly what: string
}

/**
 * Copies what is to be sent to a worker, at the moment it is given.
 *
 * @throws EisenmpError `ERR_EISENMP_CLONE`, `ERR_EISENMP_SIZE` with the path of the part that cannot travel.
 */
export function copyForFleet(value: unknown, { root, isPortable, what }: CopyOptions): unknown {
  try {
    return snapshot(value, { root, portable: isPortable }).value
  } catch (error) {
    if (!(error instanceof RefusedValue)) throw error
    const code = error.why === 'size' ? 'ERR_EISENMP_SIZE' : 'ERR_EISENMP_CLONE'
    throw new EisenmpError(code, `Cannot ${what}: ${error.message}`, { cause: error })
  }
}
