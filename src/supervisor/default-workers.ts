import { availableParallelism } from 'node:os'
import { readAllowedCores } from './allowed-cores.ts'
import { readCpuQuota } from './cpu-quota.ts'

/**
 * So many workers use all that the system grants: one for each core, and with a quota one for each core's worth of time,
 * rounded up, since a quota of 1.5 cores is used up by two workers and not by one.
 */
export function toWorkerCount(cores: number, quota: number): number {
  return Math.max(1, Math.min(cores, Math.ceil(quota)))
}

/**
 * How many workers a pool has that was not told: from affinity and quota of this thread, read now.
 *
 * @param chosen - The cores that its workers are to have, when that is a list.
 */
export function countDefaultWorkers(chosen?: unknown): number {
  const allowed = readAllowedCores()?.length
  const cores = Array.isArray(chosen) ? chosen.length : Infinity
  // What Node says has the quota in it already, rounded down.
  return allowed === undefined
    ? toWorkerCount(Math.min(cores, availableParallelism()), Infinity)
    : toWorkerCount(Math.min(cores, allowed), readCpuQuota())
}
