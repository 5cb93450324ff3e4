import { readdirSync } from 'node:fs'
import { setPriority } from 'node:os'
import type { Priority } from '../backend.ts'
import { explainUnreachable } from './pinning.ts'
import { type SystemPlace, findProcFolder } from './usage.ts'

/** Ids that make up the worker. On Linux each thread has a priority of its own. */
function listTargets(place: SystemPlace): number[] | undefined {
  const folder = findProcFolder(place)
  if (folder === undefined) return place.backend === 'processes' && place.pid !== 0 ? [place.pid] : undefined
  return place.backend === 'processes' ? readdirSync(`${folder}/task`).map(Number) : [place.systemThreadId]
}

/** Gives a worker a priority, from -20, most favourable, to 19. Never throws: what cannot be is told. */
export function setWorkerPriority(place: SystemPlace, nice: number): Priority {
  try {
    const targets = listTargets(place)
    if (targets === undefined) return `not supported: ${explainUnreachable(place)}`
    for (const target of targets) setPriority(target, nice)
    return 'set'
  } catch (error) {
    const { message, info } = error as Error & { readonly info?: { readonly code?: string } }
    const isForbidden = info?.code === 'EACCES' || info?.code === 'EPERM'
    if (!isForbidden) return `not supported: ${message}`
    return `not permitted: the system lets this user lower a priority only (${info.code})`
  }
}
