import type { Backend } from '../../src/backend.ts'
import type { EisenmpError, WorkerDeath } from '../../src/errors.ts'
import { type SeatEvents, WorkerSeat } from '../../src/pool/worker-seat.ts'
import type { ResultsMessage, UnitMessage } from '../../src/protocol/messages.ts'
import { toFixture } from './live-worker.ts'
import { waitUntil } from './wait-until.ts'

/** A seat of a pool, without the pool, and what it has told. */
export class TestSeat implements SeatEvents {
  readonly readies: (readonly string[])[] = []
  readonly answers: ResultsMessage[] = []
  readonly deaths: WorkerDeath[] = []
  readonly startErrors: EisenmpError[] = []
  readonly seat: WorkerSeat

  constructor(backend: Backend, fixture: string, startTimeoutMs = 10_000) {
    const modules = [{ url: toFixture(fixture), export: 'default' }]
    this.seat = new WorkerSeat(0, backend, { modules, config: undefined, queues: [], startTimeoutMs }, this)
  }

  ready(_seat: WorkerSeat, tasks: readonly string[]): void {
    this.readies.push(tasks)
  }

  results(_seat: WorkerSeat, message: ResultsMessage): void {
    this.answers.push(message)
  }

  loop(): boolean {
    return true
  }

  gone(_seat: WorkerSeat, death: WorkerDeath): void {
    this.deaths.push(death)
  }

  startFailed(_seat: WorkerSeat, error: EisenmpError): void {
    this.startErrors.push(error)
  }

  /** Starts a worker and waits until it is ready, or is not going to be. */
  async start(): Promise<void> {
    this.seat.start()
    await waitUntil(() => this.seat.state !== 'starting', 'the start')
  }

  async untilEmpty(): Promise<void> {
    await waitUntil(() => this.seat.state === 'empty', 'the end')
  }
}

export function toUnit(
  unit: number,
  task: string,
  items: readonly unknown[],
  change: Partial<UnitMessage> = {},
): UnitMessage {
  const program = { stages: [{ kind: 'map', task }], sink: { kind: 'values' } } as const
  return { kind: 'unit', unit, attempt: 1, program, items, marks: false, timed: false, flush: false, ...change }
}
