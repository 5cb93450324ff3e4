import { findFreePort, findWorkers } from './ask.ts'
import {
  type ClientsName,
  type EventResult,
  type Extent,
  type Happening,
  type Memory,
  type RateName,
  type RateResult,
  measureEvent,
  measureMemory,
  measureRate,
  rates,
} from './measure.ts'
import type { Peer } from './peer.ts'

/** Everything that is asked of one peer in one round. */
export interface RoundResult {
  readonly peer: string
  /** From the start of the program until both workers have answered. */
  readonly startMs: number
  readonly rates: Readonly<Record<RateName, RateResult>>
  readonly memory: Memory
  /** `undefined`: it cannot happen to this peer. */
  readonly events: readonly (EventResult | undefined)[]
}

const WARM_UP_MS = 700

/** The rows of the table of what fails. */
export const EVENTS: readonly { readonly happening: Happening; readonly clients: ClientsName }[] = [
  { happening: 'kill', clients: 'keep' },
  { happening: 'kill', clients: 'new' },
  { happening: 'error', clients: 'keep' },
  { happening: 'error', clients: 'new' },
  { happening: 'reload', clients: 'keep' },
  { happening: 'reload', clients: 'new' },
  { happening: 'reload', clients: 'long' },
  { happening: 'restart', clients: 'keep' },
]

export async function measureRound(peer: Peer, extent: Extent, tell: (what: string) => void): Promise<RoundResult> {
  const port = await findFreePort()
  const startedAt = performance.now()
  const running = await peer.start(port)
  try {
    await findWorkers(port, peer.workers)
    const startMs = performance.now() - startedAt
    // Code that is not optimized yet costs several times as much.
    for (const name of Object.keys(rates) as RateName[])
      await measureRate(running, port, name, { ...extent, rateMs: WARM_UP_MS })
    const found: Partial<Record<RateName, RateResult>> = {}
    for (const name of Object.keys(rates) as RateName[]) {
      found[name] = await measureRate(running, port, name, extent)
      const { perSecond, p99Ms, cpuUs } = found[name]
      tell(`${name} ${Math.round(perSecond)}/s, p99 ${p99Ms.toFixed(1)} ms, ${cpuUs.toFixed(0)} µs of CPU each`)
    }
    const memory = await measureMemory(peer, running, port)
    const events: (EventResult | undefined)[] = []
    for (const { happening, clients } of EVENTS) {
      if (!extent.hasEvents || peer.workers === 1 || (happening === 'kill' && peer.isOneProcess)) {
        events.push(undefined)
        continue
      }
      const result = await measureEvent(running, port, happening, clients, extent)
      events.push(result)
      tell(`${happening} ${clients}: ${result.failed} of ${result.ok + result.failed} failed, ${result.fullMs} ms`)
    }
    return { peer: peer.name, startMs, rates: found as Record<RateName, RateResult>, memory, events }
  } finally {
    await running.stop()
  }
}
