import { setTimeout as sleep } from 'node:timers/promises'
import { LOADS, type LoadPlan, type LoadReport } from '../../test/support/http-load.ts'
import { listTree, readMemoryOf, readTreeCpuMs } from '../speed/proc.ts'
import { askWho, findWorkers } from './ask.ts'
import { Load } from './load.ts'
import type { Peer, RunningPeer } from './peer.ts'

/** How long things are measured, ms. */
export interface Extent {
  readonly rateMs: number
  /** Under load before something happens, and after all is well again. */
  readonly aroundMs: number
  /** Whether anything is to happen at all. */
  readonly hasEvents: boolean
}

/** Requests per second; who thinks not at all keeps all busy. */
export const rates = {
  keep: { ...LOADS.keepAlive, thinkMs: 0, path: '/' },
  new: { ...LOADS.newConnections, path: '/' },
  cpu: { ...LOADS.keepAlive, thinkMs: 0, path: '/cpu' },
} as const satisfies Record<string, Partial<LoadPlan>>
export type RateName = keyof typeof rates

/** What clients do while something happens; with `new` the workers have more to do than they can. */
export const clients = {
  keep: { ...LOADS.keepAlive, path: '/timer' },
  new: { ...LOADS.newConnections, path: '/cpu' },
  long: { ...LOADS.long, path: '/long' },
} as const satisfies Record<string, Partial<LoadPlan>>
export type ClientsName = keyof typeof clients

export type Happening = 'kill' | 'error' | 'reload' | 'restart'

export interface EventResult {
  readonly failed: number
  readonly kinds: LoadReport['byKind']
  readonly ok: number
  /** From the event until as many new workers have answered as there were before; `undefined`: not within the wait. */
  readonly fullMs: number | undefined
  /** Until the peer's own command was done. */
  readonly commandMs: number
  readonly reports: readonly LoadReport[]
}

export interface RateResult {
  readonly perSecond: number
  readonly p99Ms: number
  readonly failed: number
  /** Time on a core for each request, µs, of all processes of the peer; on a busy machine it differs less than the rest. */
  readonly cpuUs: number
}

export interface Memory {
  /** Mean of the workers' own processes, MB; `undefined` when they are threads. */
  readonly perWorkerMb: number | undefined
  /** All processes together. */
  readonly wholeMb: number
}

const WAIT_MS = 12_000
/** Asks on new connections who is there: clients that keep theirs may not meet a new worker for long. */
const probe = { connections: 'new', clients: 2, thinkMs: 10, path: '/' } as const

export async function measureRate(
  running: RunningPeer,
  port: number,
  name: RateName,
  { rateMs }: Extent,
): Promise<RateResult> {
  const cpuMs = readTreeCpuMs(running.root())
  const load = new Load([{ ...rates[name], address: '127.0.0.1', ports: [port] }])
  await sleep(rateMs)
  const [report] = await load.stop()
  const { ok, failed, requestsPerSecond, p99Ms } = report!
  const cpuUs = ((readTreeCpuMs(running.root()) - cpuMs) * 1000) / Math.max(1, ok)
  return { perSecond: requestsPerSecond, p99Ms, failed, cpuUs }
}

export async function measureMemory(peer: Peer, running: RunningPeer, port: number): Promise<Memory> {
  const tree = listTree(running.root())
  const wholeMb = tree.map(readMemoryOf).reduce((a, b) => a + b, 0)
  if (peer.isOneProcess) return { perWorkerMb: undefined, wholeMb }
  const workers = (await findWorkers(port)).map((worker) => readMemoryOf(Number.parseInt(worker, 10)))
  return { perWorkerMb: workers.reduce((a, b) => a + b, 0) / workers.length, wholeMb }
}

async function cause(happening: Happening, running: RunningPeer, port: number, victim: string): Promise<void> {
  if (happening === 'reload') return running.reload()
  if (happening === 'restart') return running.restart()
  if (happening === 'error') return void (await askWho(port, '/throw'))
  const pid = Number.parseInt(victim, 10)
  if (!listTree(running.root()).slice(1).includes(pid)) throw new Error(`${pid} is no worker of ours`)
  process.kill(pid, 'SIGKILL')
}

/** Loads a running peer, lets something happen, and waits until all is well again. */
export async function measureEvent(
  running: RunningPeer,
  port: number,
  happening: Happening,
  who: ClientsName,
  { aroundMs }: Extent,
): Promise<EventResult> {
  const before = await findWorkers(port)
  const target = { address: '127.0.0.1', ports: [port] }
  const load = new Load([
    { ...clients[who], ...target },
    { ...probe, ...target },
  ])
  await sleep(aroundMs)
  const known = new Set([...before, ...load.seen.keys()])
  const at = Date.now()
  await cause(happening, running, port, before[0]!)
  const commandMs = Date.now() - at
  const wanted = happening === 'kill' || happening === 'error' ? 1 : 2
  const arrivals = (): number[] => [...load.seen].filter(([worker]) => !known.has(worker)).map(([, time]) => time - at)
  while (arrivals().length < wanted && Date.now() - at < WAIT_MS) await sleep(5)
  const found = arrivals().toSorted((a, b) => a - b)
  await sleep(aroundMs)
  const reports = await load.stop()
  const { failed, byKind, ok } = reports[0]!
  return { failed, kinds: byKind, ok, fullMs: found[wanted - 1], commandMs, reports }
}
