import { cpus } from 'node:os'
import type { Placement } from '../backend.ts'
import { EisenmpError } from '../errors.ts'
import { readAllowedCores } from './allowed-cores.ts'
import { formatCoreList } from './core-list.ts'
import { pinWorker } from './pinning.ts'
import { setWorkerPriority } from './priority.ts'
import type { SystemPlace } from './usage.ts'

/** Where workers are to run, and how important they are. */
export interface PlacementOptions {
  readonly cores?: readonly number[] | 'each' | undefined
  readonly nice?: number | undefined
}

/** Places the worker of a seat, before it gets its first work. Never rejects. */
export type PlaceWorker = (index: number, place: SystemPlace) => Promise<Placement>

/** Where the system does not tell which cores are allowed, it cannot pin either. */
function listCores(): number[] {
  return readAllowedCores() ?? cpus().map((_, core) => core)
}

/**
 * @param allowed - Cores that the program may use.
 * @throws EisenmpError `ERR_EISENMP_OPTION` for a core that is not among them.
 */
export function checkCores(cores: readonly number[], allowed: readonly number[]): void {
  const wrong = cores.find((core) => !allowed.includes(core))
  if (wrong === undefined) return
  const text = `Cannot use option 'cores' of createPool(): this program may not use core ${wrong}`
  throw new EisenmpError('ERR_EISENMP_OPTION', `${text}; it may use ${formatCoreList(allowed)}`)
}

/**
 * Checks the cores and gives what places workers; `undefined` when nothing is asked for.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function planPlacement({ cores, nice }: PlacementOptions): PlaceWorker | undefined {
  if (cores === undefined && nice === undefined) return undefined
  const allowed = cores === undefined ? [] : listCores()
  if (cores !== undefined && cores !== 'each') checkCores(cores, allowed)
  return async (index, place) => {
    const own = cores === 'each' ? [allowed[index % allowed.length]!] : cores
    const priority = nice === undefined ? undefined : setWorkerPriority(place, nice)
    return { priority, pinning: own === undefined ? undefined : await pinWorker(place, own) }
  }
}
