import { claimCores } from '../supervisor/core-budget.ts'
import { publish } from '../telemetry.ts'
import type { CrewEvents, CrewSeat } from './crew-plan.ts'
import { FIRST_INHERITED_FD, type HostKind, type HostResources } from './host.ts'
import { createCommandHosts } from './hosts/command-host.ts'
import { createProcessHosts } from './hosts/process-host.ts'
import { createThreadHosts } from './hosts/thread-host.ts'
import type { LifeRecord } from './life.ts'
import type { BoundPorts } from './ports/bind-ports.ts'
import { type PlanRow, toPlanRows } from './ports/plan-rows.ts'
import type { PlannedServer } from './ports/port-plan.ts'
import type { ServeSettings } from './read-serve-options.ts'
import type { ServersEvents, WorkerEvent } from './servers.ts'
import { ServiceCrew } from './service-crew.ts'
import type { ListenSpec, ServiceSpec } from './service-spec.ts'
import { WorkerPrinters } from './worker-printer.ts'

type Tell = <Name extends keyof ServersEvents>(name: Name, event: ServersEvents[Name][0]) => void

/** The inside of {@link Servers}: joins plan, sockets and crew. */
export class ServerCore {
  readonly settings: ServeSettings
  readonly seats: readonly CrewSeat[]
  readonly crew: ServiceCrew
  readonly rows: readonly PlanRow[]
  /** Set by whoever listens. */
  tell: Tell = () => {}
  readonly #bound: BoundPorts
  readonly #printers: WorkerPrinters
  readonly #giveCoresBack: () => void

  constructor(settings: ServeSettings, bound: BoundPorts) {
    this.settings = settings
    this.#printers = new WorkerPrinters(settings.onOutput)
    this.#bound = bound
    this.rows = toPlanRows(bound.workers)
    this.seats = bound.workers.map(({ group, name, cores }) => ({ group, name, cores, nice: settings.nice }))
    this.#giveCoresBack = claimSeats(this.seats)
    this.crew = new ServiceCrew({
      rules: settings.rules,
      health: settings.health,
      seats: this.seats,
      hosts: createHosts(settings),
      makeSpec: (seat, generation, replaces) => this.#makeSpec(seat, generation, replaces),
      getResources: (seat) => this.#getResources(seat),
      events: this.#createEvents(),
    })
  }

  /** Gives back sockets and cores, when no worker is left. */
  release(): void {
    this.#giveCoresBack()
    this.#bound.close()
  }

  #makeSpec(seat: number, generation: number, replaces: boolean): ServiceSpec {
    const { settings } = this
    const { index, name, group, cores, servers } = this.#bound.workers[seat]!
    return {
      kind: 'server',
      index,
      name,
      group,
      generation,
      module: settings.module,
      config: settings.config,
      cores,
      servers: servers.map((server) => toListenSpec(server, replaces)),
      drain: settings.drain,
      limits: settings.limits,
      beatMs: settings.health.intervalMs,
      healthPath: settings.health.path,
    }
  }

  #getResources(seat: number): HostResources {
    const { env, execArgv, resourceLimits } = this.settings
    const fds = this.#bound.workers[seat]!.servers.flatMap(({ fd }) => fd ?? [])
    return { fds, env, execArgv, resourceLimits }
  }

  #describe({ seat, generation }: LifeRecord): WorkerEvent {
    return { worker: this.seats[seat]!.name, index: seat, generation }
  }

  #createEvents(): CrewEvents {
    return {
      custom() {},
      print: (life, { level, text }) => this.#printers.of(life).print(level, text),
      output: (life, stream, bytes) => this.#printers.of(life).push(stream, bytes),
      ready: (life) => {
        const { pid } = life.host.identity
        publish('eisenmp:worker:started', () => ({ worker: this.seats[life.seat]!.name, index: life.seat, pid }))
        this.tell('ready', { ...this.#describe(life), pid })
      },
      leaving: (life, reason) => this.tell('draining', { ...this.#describe(life), reason }),
      gone: (life, { reason }) => {
        this.#printers.end(life)
        publish('eisenmp:worker:gone', () => ({ worker: this.seats[life.seat]!.name, index: life.seat, reason }))
        this.tell('gone', { ...this.#describe(life), reason })
      },
      gaveUp: (seat, error) => this.tell('failed', { worker: this.seats[seat]!.name, index: seat, error }),
    }
  }
}

function createHosts({ backend, command }: ServeSettings): HostKind {
  if (command !== undefined) return createCommandHosts(command)
  return backend === 'threads' ? createThreadHosts() : createProcessHosts()
}

/** Workers that are not pinned take a core each. */
function claimSeats(seats: readonly CrewSeat[]): () => void {
  const pinned = seats.flatMap(({ cores }) => cores ?? [])
  const free = seats.filter(({ cores }) => cores === undefined).length
  const giveBack = [claimCores(pinned), claimCores(free)]
  return () => {
    for (const give of giveBack) give()
  }
}

function toListenSpec(server: PlannedServer, replaces: boolean): ListenSpec {
  const { index, address, port, how } = server
  if (how === 'inherit') return { index, address, port, how, fd: FIRST_INHERITED_FD + index }
  return { index, address, port, how: replaces ? 'adopt' : 'reuse' }
}
