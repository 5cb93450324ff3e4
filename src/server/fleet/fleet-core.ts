import type { WorkerExit } from '../../backend.ts'
import { EisenmpError } from '../../errors.ts'
import { claimCores } from '../../supervisor/core-budget.ts'
import { publish } from '../../telemetry.ts'
import type { CrewEvents, CrewSeat } from '../crew-plan.ts'
import { createProcessHosts } from '../hosts/process-host.ts'
import { createThreadHosts } from '../hosts/thread-host.ts'
import type { SeatView } from '../../supervisor/supervision-types.ts'
import type { LifeRecord } from '../life.ts'
import { ServiceCrew } from '../service-crew.ts'
import type { ServiceSpec } from '../service-spec.ts'
import { WorkerPrinters } from '../worker-printer.ts'
import type { FleetEvents } from './fleet-events.ts'
import type { FromFleetWorker } from './fleet-messages.ts'
import type { FleetSettings } from './fleet-options.ts'
import { Roster } from './roster.ts'

type Tell = <Name extends keyof FleetEvents>(name: Name, event: FleetEvents[Name][0]) => void

/** A fleet serves nobody: these limits are of servers. */
const NO_LIMITS: ServiceSpec['limits'] = {
  headersTimeoutMs: 0,
  requestTimeoutMs: 0,
  keepAliveTimeoutMs: 0,
  maxHeaderBytes: 0,
  maxBodyBytes: 0,
  maxConnections: 0,
}

/** The inside of {@link Fleet}: joins the instances and the crew of their workers. */
export class FleetCore {
  readonly settings: FleetSettings
  readonly seats: readonly CrewSeat[]
  readonly crew: ServiceCrew
  readonly roster: Roster
  /** Set by whoever listens. */
  tell: Tell = () => {}
  readonly #printers: WorkerPrinters
  readonly #giveCoresBack: () => void
  readonly #starting = new Map<number, PromiseWithResolvers<void>>()
  readonly #turns = new Map<number, Promise<unknown>>()

  constructor(settings: FleetSettings) {
    this.settings = settings
    this.#printers = new WorkerPrinters(settings.onOutput)
    this.seats = Array.from({ length: settings.workers }, (_, index) => ({
      group: 'fleet',
      name: `fleet-${index}`,
      cores: undefined,
      nice: settings.nice,
    }))
    this.#giveCoresBack = claimCores(settings.workers)
    const { env, execArgv, resourceLimits } = settings
    this.crew = new ServiceCrew({
      rules: settings.rules,
      health: settings.health,
      seats: this.seats,
      hosts: settings.backend === 'threads' ? createThreadHosts() : createProcessHosts(),
      makeSpec: (seat, generation) => this.#makeSpec(seat, generation),
      getResources: () => ({ fds: [], env, execArgv, resourceLimits }),
      events: this.#createEvents(),
    })
    this.roster = new Roster(settings, {
      findServing: (seat) => this.crew.findServing(seat),
      recreated: ({ name, worker }) => this.tell('recreated', { name, worker: worker! }),
      lost: ({ name, loss }) => this.tell('lost', { name, error: loss }),
    })
  }

  /** Gives back the cores, when no worker is left. */
  release(): void {
    this.#giveCoresBack()
  }

  /** Runs what starts and stops the worker of a seat, one after another; at once when there is nothing before it. */
  inTurn<Result>(seat: number, work: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(seat)
    const turn = before === undefined ? work() : before.then(work)
    const settled = turn
      .catch(() => {})
      .finally(() => {
        if (this.#turns.get(seat) === settled) this.#turns.delete(seat)
      })
    this.#turns.set(seat, settled)
    return turn
  }

  /** Ends the worker of a seat, if there is one or will be. */
  async stopWorker(seat: number): Promise<void> {
    if (!isOver(this.crew.view()[seat]!.state)) await this.crew.retire(seat)
  }

  /** Starts the worker of a seat that was stopped, or has given up. */
  async startWorker(seat: number): Promise<void> {
    this.roster.ledger.openWorker(seat)
    if (this.crew.findServing(seat) !== undefined) return
    const waiting = this.#starting.get(seat) ?? Promise.withResolvers<void>()
    this.#starting.set(seat, waiting)
    this.crew.revive(seat)
    await waiting.promise
  }

  #settleStart(seat: number, error?: { readonly error: unknown }): void {
    const waiting = this.#starting.get(seat)
    this.#starting.delete(seat)
    if (error === undefined) waiting?.resolve()
    else waiting?.reject(error.error)
  }

  #makeSpec(seat: number, generation: number): ServiceSpec {
    const { module, config, drain, health } = this.settings
    const { name, group } = this.seats[seat]!
    return {
      kind: 'fleet',
      index: seat,
      name,
      group,
      generation,
      module,
      config,
      cores: undefined,
      servers: [],
      drain,
      limits: NO_LIMITS,
      beatMs: health.intervalMs,
    }
  }

  #createEvents(): CrewEvents {
    return {
      custom: (life, body) => this.roster.take(life, body as FromFleetWorker),
      print: (life, { level, text }) => this.#printers.of(life).print(level, text),
      output: (life, stream, bytes) => this.#printers.of(life).push(stream, bytes),
      ready: (life) => {
        const { seat, generation } = life
        const { pid } = life.host.identity
        const worker = this.seats[seat]!.name
        publish('eisenmp:worker:started', () => ({ worker, index: seat, pid }))
        this.tell('ready', { worker, index: seat, generation, pid })
        this.#settleStart(seat)
        this.roster.ready(life)
      },
      leaving: (life) => this.roster.leaving(life),
      gone: (life, exit) => this.#bury(life, exit),
      gaveUp: (seat, error) => {
        this.tell('failed', { worker: this.seats[seat]!.name, index: seat, error })
        this.#giveUp(seat, error)
      },
    }
  }

  #bury(life: LifeRecord, { reason }: WorkerExit): void {
    const { seat, generation } = life
    const worker = this.seats[seat]!.name
    this.#printers.end(life)
    publish('eisenmp:worker:gone', () => ({ worker, index: seat, reason }))
    this.roster.gone(life, reason)
    this.tell('gone', { worker, index: seat, generation, reason })
    // What follows is decided right after this event; by some policies of restart nobody does.
    queueMicrotask(() => {
      if (!isOver(this.crew.view()[seat]!.state)) return
      const text = `Cannot go on with worker ${worker}: it has ended, and is not started again: ${reason}`
      this.#giveUp(seat, new EisenmpError('ERR_EISENMP_CRASH', text, { worker: life.key }))
    })
  }

  #giveUp(seat: number, error: unknown): void {
    this.#settleStart(seat, { error })
    this.roster.gaveUp(seat, error)
  }
}

/** Nobody follows, unless it is asked for. */
function isOver(state: SeatView['state']): boolean {
  return state === 'ended' || state === 'failed' || state === 'retired'
}
