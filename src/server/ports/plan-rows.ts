import type { PlannedServer, PlannedWorker } from './port-plan.ts'

/** One server, as a row for `console.table()`. */
export interface PlanRow {
  /** Name of its worker, as `red-0`. */
  readonly worker: string
  /** Its group. */
  readonly group: string
  /** Numbers of the cores that the worker may run on, as `0,1`, or `all`. */
  readonly cores: string
  /** The IP address that it listens at. */
  readonly address: string
  /** 0 before it is bound, when the system chooses it. */
  readonly port: number
  /** `inherit`: the program owns the socket, and the worker has it too. `reuse`: the worker binds it with SO_REUSEPORT. */
  readonly listen: 'inherit' | 'reuse'
}

function toRow(worker: PlannedWorker, { address, port, how }: PlannedServer): PlanRow {
  const cores = worker.cores?.join(',') ?? 'all'
  return Object.freeze({ worker: worker.name, group: worker.group, cores, address, port, listen: how })
}

/** One row for each server, by worker; the same plan gives the same JSON. */
export function toPlanRows(plan: readonly PlannedWorker[]): readonly PlanRow[] {
  return Object.freeze(plan.flatMap((worker) => worker.servers.map((server) => toRow(worker, server))))
}
