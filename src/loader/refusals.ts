import { EisenmpError } from '../errors.ts'

/** The one form of all refusals before a worker starts. */
export function refuseModule(what: string, problem: string, repair: string, cause?: unknown): EisenmpError {
  const details = cause === undefined ? {} : { cause }
  return new EisenmpError('ERR_EISENMP_MODULE', `Cannot load worker module ${what}: ${problem}; ${repair}`, details)
}
/** Why a module was not taken from the network; both texts go into the message of an error. */
export class FetchRefusal extends Error {
  readonly repair: string

  constructor(problem: string, repair: string, cause?: unknown) {
    super(problem, { cause })
    this.repair = repair
  }
}
