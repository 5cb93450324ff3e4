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

/** How many workers a pool has that was not told: from affinity and quota of this thread, read now. */
export function countDefaultWorkers(): number {
  const cores = readAllowedCores()
  // What Node says has the quota in it already, rounded down.
  return cores === undefined ? availableParallelism() : toWorkerCount(cores.length, readCpuQuota())
}
