import { formatCoreList } from '../../supervisor/core-list.ts'
import { assignWorkers } from './assign-workers.ts'
import { chooseAddress } from './choose-address.ts'
import { doOverlap, formatEndpoint } from './ip-address.ts'
import { listPorts } from './list-ports.ts'
import type { PortFacts } from './port-facts.ts'
import type { PortGroup } from './port-options.ts'
import { refuseOption } from './refuse-option.ts'
import type { PlannedServer, PlannedSocket, PlannedWorker } from './port-plan.ts'

/** The sockets of a group, by its servers in order: of the first worker, then of the second. */
function planSockets(group: PortGroup, workers: number, facts: PortFacts): readonly PlannedSocket[] {
  const { address, family } = chooseAddress(group, facts.adapters, group.whose)
  const count = group.share === 'shared' ? group.serversPerWorker : group.serversPerWorker * workers
  const { ports, candidates } = listPorts(group, count)
  const how = facts.backend === 'threads' ? 'reuse' : 'inherit'
  const common = { group: group.name, whose: group.whose, address, family, share: group.share, how } as const
  return ports.map((port) => ({ ...common, port, candidates }))
}

function planCores({ whose, cores }: PortGroup, worker: number, facts: PortFacts): readonly number[] | undefined {
  const { allowedCores } = facts
  if (cores === undefined) return undefined
  if (cores === 'each') return [allowedCores[worker % allowedCores.length]!]
  const wrong = cores.find((core) => !allowedCores.includes(core))
  if (wrong === undefined) return [...new Set(cores)].toSorted((a, b) => a - b)
  const repair = `it may use ${formatCoreList(allowedCores)}`
  throw refuseOption(`option 'cores' of ${whose}`, `this program may not use core ${wrong}`, repair)
}

function planServers(
  { serversPerWorker, share }: PortGroup,
  worker: number,
  place: number,
  sockets: readonly PlannedSocket[],
): readonly PlannedServer[] {
  return Array.from({ length: serversPerWorker }, (_, index) => {
    const socket = sockets[share === 'shared' ? index : place * serversPerWorker + index]!
    const { group, address, family, port, how } = socket
    return { worker, index, group, address, family, port, share, how, socket }
  })
}

function refuseOverlap(sockets: readonly PlannedSocket[], groups: readonly PortGroup[]): void {
  const byPort = Map.groupBy(sockets, ({ port }) => port)
  for (const [port, rivals] of byPort) {
    if (port === 0) continue
    for (const [i, one] of rivals.entries()) {
      const other = rivals.slice(0, i).find((before) => doOverlap(before.address, one.address))
      if (other === undefined) continue
      const { whose } = groups.find(({ name }) => name === one.group)!
      const given = `${formatEndpoint(one)} is in group '${other.group}' too, as ${formatEndpoint(other)}`
      throw refuseOption(`option 'ports' of ${whose}`, given, 'give them different ports')
    }
  }
}

/** What is planned for others is not taken instead of a busy port. */
function leaveToOthers(all: readonly PlannedSocket[], own: readonly PlannedSocket[]): readonly PlannedSocket[] {
  const [first] = own
  const { candidates, address, group } = first!
  if (candidates === undefined) return own
  const others = all.filter((socket) => socket.group !== group && doOverlap(socket.address, address))
  const reserved = new Set(others.map(({ port }) => port))
  const left = candidates.filter((port) => !reserved.has(port))
  return own.map((socket) => ({ ...socket, candidates: left }))
}

/**
 * Says which worker listens where, from facts alone: nothing is bound, asked or started.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`, with the group, address and port, and what to do.
 */
export function planPorts(groups: readonly PortGroup[], facts: PortFacts): readonly PlannedWorker[] {
  const owners = assignWorkers(groups, facts)
  const planned = groups.map((group) => planSockets(group, owners.filter((owner) => owner === group).length, facts))
  const all = planned.flat()
  refuseOverlap(all, groups)
  const sockets = new Map(groups.map((group, i) => [group, leaveToOthers(all, planned[i]!)]))
  const places = new Map<PortGroup, number>()
  return owners.map((group, index) => {
    const place = places.get(group) ?? 0
    places.set(group, place + 1)
    return {
      index,
      name: `${group.name}-${place}`,
      group: group.name,
      place,
      cores: planCores(group, index, facts),
      servers: planServers(group, index, place, sockets.get(group)!),
    }
  })
}
