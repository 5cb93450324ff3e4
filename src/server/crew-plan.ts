import type { WorkerExit } from '../backend.ts'
import type { HealthRules } from '../supervisor/health.ts'
import type { SupervisionRules } from '../supervisor/supervision-types.ts'
import type { HostKind, HostResources } from './host.ts'
import type { LifeRecord } from './life.ts'
import type { FromService } from './service-messages.ts'
import type { ServiceSpec } from './service-spec.ts'

/** One seat: a worker that is always to be there. */
export interface CrewSeat {
  readonly group: string
  readonly name: string
  readonly cores: readonly number[] | undefined
  readonly nice?: number | undefined
}

/** What the owner of a crew hears. */
export interface CrewEvents {
  /** What only this kind of service understands. */
  custom(life: LifeRecord, body: unknown): void
  print(life: LifeRecord, message: Extract<FromService, { kind: 'print' }>): void
  output(life: LifeRecord, stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  ready(life: LifeRecord): void
  /** It will end: nothing new may be given to it. */
  leaving(life: LifeRecord, reason: string): void
  gone(life: LifeRecord, exit: WorkerExit): void
  /** The seat stays empty. */
  gaveUp(seat: number, error: unknown): void
}

/** What a crew is made of. */
export interface CrewPlan {
  readonly rules: SupervisionRules
  readonly health: HealthRules
  readonly seats: readonly CrewSeat[]
  readonly hosts: HostKind
  /** `replaces`: another life of the seat is serving until this one is ready. */
  makeSpec(seat: number, generation: number, replaces: boolean): ServiceSpec
  getResources(seat: number): HostResources
  readonly events: CrewEvents
}
