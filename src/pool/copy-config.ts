import { RefusedValue } from '../codec/refused-value.ts'
import { snapshot } from '../codec/snapshot.ts'
import { EisenmpError } from '../errors.ts'

/**
 * A copy of the option `config`, made once, that every worker gets a copy of.
 *
 * @param portable - It crosses to other processes.
 * @throws EisenmpError `ERR_EISENMP_CLONE` with the path of what cannot be copied.
 */
export function copyConfig(config: unknown, portable: boolean): unknown {
  try {
    return snapshot(config, { root: 'config', portable }).value
  } catch (error) {
    if (!(error instanceof RefusedValue)) throw error
    throw new EisenmpError('ERR_EISENMP_CLONE', `Cannot give config to the workers: ${error.message}`, { cause: error })
  }
}
