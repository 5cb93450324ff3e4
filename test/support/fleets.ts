import { after, describe } from 'node:test'
import { createFleet } from '../../src/server/fleet/create-fleet.ts'
import type { Fleet } from '../../src/server/fleet/fleet.ts'
import type { FleetOptions } from '../../src/server/fleet/fleet-options.ts'
import type { OutputLine } from '../../src/server/serve-options.ts'
import type { Station, StationChannels } from '../fixtures/fleets/station.worker.ts'

export type StationFleet = Fleet<Station, StationChannels>
export const stationModule: URL = new URL('../fixtures/fleets/station.worker.ts', import.meta.url)

/** Fleets of one test file; what a test leaves open is ended after all. */
export class FleetPark {
  readonly lines: OutputLine[] = []
  readonly #open = new Set<StationFleet>()

  constructor() {
    after(() => Promise.all([...this.#open].map((fleet) => fleet.destroy())))
  }

  async create(options: Partial<FleetOptions> = {}): Promise<StationFleet> {
    const fleet = await createFleet<Station, StationChannels>({
      module: stationModule,
      workers: 1,
      config: { greeting: 'hello' },
      onOutput: (line) => this.lines.push(line),
      ...options,
    })
    this.#open.add(fleet)
    return fleet
  }
}

/** The same tests over both kinds of workers. */
export function describeBoth(what: string, declare: (backend: 'processes' | 'threads') => void): void {
  for (const backend of ['threads', 'processes'] as const) describe(`${what}, ${backend}`, () => declare(backend))
}

/** Reads a stream to its end. */
export async function readAll<Value>(stream: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = []
  for await (const value of stream) values.push(value)
  return values
}
