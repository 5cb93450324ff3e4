import { EisenmpError } from '../../errors.ts'
import { showValue } from '../../options.ts'

/** A worker that could take an instance. */
export interface WorkerLoad {
  /** Its seat, from 0. */
  readonly index: number
  /** Instances that it has, those that are being started there included. */
  readonly instances: number
}

/** What an own placement is told. */
export interface PlacementInfo {
  /** The name of the instance that is to be placed. */
  readonly name: string
  /** What it is created with. */
  readonly input: unknown
  /** Workers with room, by index. Never empty. */
  readonly workers: readonly WorkerLoad[]
}

/** Chooses one of the workers that have room, by its index. */
export type PlacementFunction = (info: PlacementInfo) => number

/** Where instances go; see {@link FleetOptions.placement}. */
export type Placement = 'balanced' | 'packed' | PlacementFunction

/** The least loaded; of several the one with the lowest index. */
function chooseBalanced(workers: readonly WorkerLoad[]): number {
  return workers.reduce((best, worker) => (worker.instances < best.instances ? worker : best)).index
}

function askUser(choose: PlacementFunction, info: PlacementInfo): number {
  const index: unknown = choose(info)
  if (info.workers.some((worker) => worker.index === index)) return index as number
  const known = info.workers.map((worker) => worker.index).join(', ')
  const text = `Cannot place instance ${showValue(info.name)} as the option 'placement' says: it returned ${showValue(index)}`
  throw new EisenmpError('ERR_EISENMP_OPTION', `${text}; workers with room are ${known}`)
}

/**
 * Chooses a worker out of those with room, which MUST be in the order of their index.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION` when the user's function names none of them; what it throws goes through.
 */
export function choosePlace(placement: Placement, info: PlacementInfo): number {
  if (placement === 'balanced') return chooseBalanced(info.workers)
  return placement === 'packed' ? info.workers[0]!.index : askUser(placement, info)
}
