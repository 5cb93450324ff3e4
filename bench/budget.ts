/**
 * Do servers keep their answer times while a pool of the same program computes on the cores that they leave?
 * `node bench/budget.ts [--servers 1] [--nice 10] [--rounds 5] [--ms 3000]`: p99 of a light load, with the pool idle and
 * with it busy, in turn; and what the pool gets done beside the servers and without any load.
 *
 * The load generator is a program of its own and takes a part of a core too: a core left free for it takes three cores.
 */
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createPool, range } from '../src/index.ts'
import { serve } from '../src/server.ts'
import type * as Primes from '../examples/primes.worker.ts'
import { Load } from './servers/load.ts'

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
    nice: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '3000' },
  },
})
const [workers, rounds, ms] = [values.servers, values.rounds, values.ms].map(Number) as [number, number, number]

const servers = await serve({
  module: new URL('./servers/entries/eisenmp.server.ts', import.meta.url),
  workers,
  port: 0,
})
const pool = await createPool<typeof Primes>({
  modules: new URL('../examples/primes.worker.ts', import.meta.url),
  workers: 'rest',
  ...(values.nice !== undefined && { nice: Number(values.nice) }),
})
const poolWorkers = pool.stats().workers.length

/** Computes until it is told to end; gives numbers per ms. */
async function compute(signal: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  let done = 0
  try {
    for await (const { items } of pool
      .from(range(0, 2 ** 31), { signal })
      .map('isPrime')
      .chunks())
      done += items.length
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return done / (performance.now() - startedAt)
}

async function ask(): Promise<{ p50: number; p99: number; failed: number }> {
  const { address, port } = servers.plan[0]!
  const load = new Load([{ address, ports: [port], path: '/hello', connections: 'keep', clients: 8, thinkMs: 10 }])
  await sleep(ms)
  const [report] = await load.stop()
  return { p50: report!.p50Ms, p99: report!.p99Ms, failed: report!.failed }
}

interface Row {
  readonly idleP50: number
  readonly idleP99: number
  readonly busyP50: number
  readonly busyP99: number
  readonly ratio: number
  readonly failed: number
  readonly poolShare: number
}

async function computeFor<T>(action: () => Promise<T>): Promise<{ speed: number; result: T }> {
  const controller = new AbortController()
  const computing = compute(controller.signal)
  const result = await action()
  controller.abort()
  return { speed: await computing, result }
}

// The first seconds are V8's compilers'.
await computeFor(ask)
const rows: Row[] = []
for (let round = 0; round < rounds; round++) {
  const idle = await ask()
  const busy = await computeFor(ask)
  const alone = await computeFor(() => sleep(ms))
  rows.push({
    idleP50: idle.p50,
    idleP99: idle.p99,
    busyP50: busy.result.p50,
    busyP99: busy.result.p99,
    ratio: busy.result.p99 / idle.p99,
    failed: idle.failed + busy.result.failed,
    poolShare: busy.speed / alone.speed,
  })
}
await pool.close()
await servers.close()

const round = (value: number): number => Math.round(value * 100) / 100
console.log(
  `${workers} workers serve, ${poolWorkers} compute, ${availableParallelism()} cores, Node ${process.versions.node}, load ${loadavg()[0]!.toFixed(1)}`,
)
console.table(
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, round(Number(value))]))),
)
const ratios = rows.map(({ ratio }) => ratio).sort((a, b) => a - b)
console.log(`p99 busy to idle, median of ${rounds}: ${round(ratios[Math.floor(ratios.length / 2)]!)}`)
