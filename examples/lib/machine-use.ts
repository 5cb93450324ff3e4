import { cpus } from 'node:os'

/** Times say little when other programs use more than this share of the machine. */
export const BUSY_MACHINE = 0.2

/**
 * Watches from now on how much of the machine other programs use.
 *
 * @returns Tells it for the time since, from 0 to 1; `undefined` where the system does not count the time of its cores.
 */
export function watchOthers(): () => number | undefined {
  const before = readCores()
  const own = process.cpuUsage()
  return () => {
    const after = readCores()
    const passedMs = after.allMs - before.allMs
    if (passedMs <= 0) return undefined
    const { user, system } = process.cpuUsage(own)
    return Math.max(0, (after.busyMs - before.busyMs - (user + system) / 1000) / passedMs)
  }
}

function readCores(): { busyMs: number; allMs: number } {
  let busyMs = 0
  let allMs = 0
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq
    busyMs += busy
    allMs += busy + times.idle
  }
  return { busyMs, allMs }
}
