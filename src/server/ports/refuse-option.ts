import { EisenmpError } from '../../errors.ts'

export const MAX_PORT = 65_535

/** @param what - As in "option 'ports' of group 'red' of serve()". */
export function refuseOption(what: string, given: string, repair: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_OPTION', `Cannot use ${what}: ${given}; ${repair}`)
}
