import type { PortFacts } from './port-facts.ts'
import type { PortGroup } from './port-options.ts'
import { refuseOption } from './refuse-option.ts'

function countNamed({ workers }: PortGroup): number {
  return typeof workers === 'number' ? workers : workers.length
}

/** How many there are, when nobody said it: what the groups name; numbers are counted up to the highest. */
function countWorkers(groups: readonly PortGroup[], { workers, defaultWorkers }: PortFacts): number {
  if (workers !== undefined) return workers
  const named = groups.filter((group) => group.workers !== 'rest')
  const total = named.reduce((sum, group) => sum + countNamed(group), 0)
  const highest = Math.max(-1, ...groups.flatMap((group) => (Array.isArray(group.workers) ? group.workers : [])))
  if (named.length === groups.length) return Math.max(total, highest + 1)
  // The group of the rest must get one at least.
  return Math.max(defaultWorkers, total + 1, highest + 1)
}

function takeNumbers(groups: readonly PortGroup[], total: number, where: string): Map<number, PortGroup> {
  const owners = new Map<number, PortGroup>()
  for (const group of groups) {
    if (!Array.isArray(group.workers)) continue
    const what = `option 'workers' of ${group.whose}`
    for (const worker of group.workers as readonly number[]) {
      if (worker >= total) {
        const known = total === 1 ? 'there is worker 0 only' : `there are workers 0 to ${total - 1}`
        throw refuseOption(what, `there is no worker ${worker}`, `${known}; raise 'workers' of ${where}`)
      }
      const owner = owners.get(worker)
      if (owner !== undefined) {
        const given =
          owner === group ? `worker ${worker} is named twice` : `group '${owner.name}' has worker ${worker} too`
        throw refuseOption(what, given, 'a worker belongs to one group; name it once')
      }
      owners.set(worker, group)
    }
  }
  return owners
}

function takeCounts(
  groups: readonly PortGroup[],
  free: number[],
  total: number,
  where: string,
): Map<number, PortGroup> {
  const owners = new Map<number, PortGroup>()
  for (const group of groups) {
    if (typeof group.workers !== 'number') continue
    if (free.length < group.workers) {
      const given = `it needs ${group.workers}, and of ${total} workers ${free.length} are in no other group`
      const needed = total + group.workers - free.length
      const what = `option 'workers' of ${group.whose}`
      throw refuseOption(what, given, `set 'workers' of ${where} to ${needed} or more`)
    }
    for (const worker of free.splice(0, group.workers)) owners.set(worker, group)
  }
  return owners
}

function takeRest(
  groups: readonly PortGroup[],
  free: readonly number[],
  total: number,
  where: string,
): PortGroup | undefined {
  const [rest, second] = groups.filter(({ workers }) => workers === 'rest')
  if (second !== undefined) {
    const what = `option 'workers' of ${second.whose}`
    throw refuseOption(what, `group '${rest!.name}' has the rest already`, 'give one of them numbers or a count')
  }
  if (rest === undefined && free.length > 0) {
    const given = `${free.length === 1 ? 'worker' : 'workers'} ${free.join(', ')} of ${total} would be in no group`
    throw refuseOption(`option 'groups' of ${where}`, given, "lower 'workers', or give one group workers: 'rest'")
  }
  if (rest !== undefined && free.length === 0) {
    const given = `all ${total} workers are in other groups`
    const what = `option 'workers' of ${rest.whose}`
    throw refuseOption(what, given, `set 'workers' of ${where} to ${total + 1} or more`)
  }
  return rest
}

/**
 * The group of each worker, by its index. Numbers come first, then counts take the lowest that are free in the order of the
 * groups, then comes the rest.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION` when a worker would be in none or two, or a group without one.
 */
export function assignWorkers(groups: readonly PortGroup[], facts: PortFacts): readonly PortGroup[] {
  const { where } = facts
  const total = countWorkers(groups, facts)
  const owners = takeNumbers(groups, total, where)
  const free = Array.from({ length: total }, (_, worker) => worker).filter((worker) => !owners.has(worker))
  const counted = takeCounts(groups, free, total, where)
  const rest = takeRest(groups, free, total, where)
  return Array.from({ length: total }, (_, worker) => owners.get(worker) ?? counted.get(worker) ?? rest!)
}
