import { type ServiceWorkerStats, readServiceStats } from '../server-stats.ts'
import type { FleetCore } from './fleet-core.ts'

/** One worker of a fleet at this moment. */
export interface FleetWorkerStats extends Omit<
  ServiceWorkerStats,
  'group' | 'requests' | 'active' | 'connections' | 'pinning'
> {
  /** Instances that it has, those included that wait to be made again there. */
  readonly instances: number
  /** Commands that its instances have and that have no outcome yet, waiting ones included. */
  readonly pending: number
  /** Commands of this life, up to its last beat. */
  readonly commands: number
  /** Whether new instances may come to it. */
  readonly isOpen: boolean
}

/** The state of a fleet at this moment. */
export interface FleetStats {
  /** What the workers are. */
  readonly backend: 'processes' | 'threads'
  /** All that have a name, lost ones included. */
  readonly instances: number
  /** One for each seat, by index. */
  readonly workers: readonly FleetWorkerStats[]
}

/** Reads the state of a fleet, at this moment. */
export function readFleetStats({ crew, seats, roster, settings }: FleetCore): FleetStats {
  const { ledger, desk } = roster
  const workers = readServiceStats(crew, seats).map((stats): FleetWorkerStats => {
    const {
      group: _group,
      requests: commands,
      active: _active,
      connections: _connections,
      pinning: _pinning,
      ...rest
    } = stats
    const { index } = stats
    return {
      ...rest,
      commands,
      instances: ledger.count(index),
      pending: desk.count(ledger.listOn(index)),
      isOpen: ledger.isOpen(index),
    }
  })
  return { backend: settings.backend, instances: ledger.size, workers }
}
