import type { OpenPool } from '../../robustness/contract.ts'
import { PEERS } from '../../robustness/peers.ts'
import { WORKERS } from '../contenders/contender.ts'
import { createPool } from '../eisenmp.ts'
import { divide, quantile } from '../figures.ts'
import { type Answer, type Extent, type Question, checkEqual, formatSamples } from '../question.ts'
import { workFor } from '../work.ts'

const AT_A_TIME = 128
const counts: Record<Extent['name'], { readonly single: number; readonly many: number }> = {
  smoke: { single: 50, many: 500 },
  quick: { single: 2000, many: 20_000 },
  full: { single: 10_000, many: 100_000 },
}

interface Open {
  readonly name: string
  readonly pool: Pick<OpenPool, 'run' | 'close'>
  readonly p50: number[]
  readonly p99: number[]
  readonly rate: number[]
}

async function openAll(hasPeers: boolean): Promise<Open[]> {
  const open: Open[] = []
  const add = (name: string, pool: Open['pool']): void => void open.push({ name, pool, p50: [], p99: [], rate: [] })
  for (const backend of ['threads', 'processes'] as const) {
    const modules = new URL('../work.ts', import.meta.url)
    const pool = await createPool({ modules, backend, workers: WORKERS })
    add(`eisenmp ${backend}`, { run: (task, item) => pool.run(task, item), close: () => pool.close() })
  }
  const others = PEERS.filter(({ package: name }) => hasPeers && name !== 'eisenmp')
  for (const peer of others) add(peer.name, await peer.open({ workers: WORKERS }))
  return open
}

async function measureSingle({ name, pool, p50, p99 }: Open, count: number): Promise<void> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    checkEqual(name, await pool.run('work', i), workFor(i, 0))
    times.push((performance.now() - start) * 1000)
  }
  p50.push(quantile(times, 0.5))
  p99.push(quantile(times, 0.99))
}

async function measureMany({ name, pool, rate }: Open, count: number): Promise<void> {
  let next = 0
  const call = async (): Promise<void> => {
    while (next < count) {
      const item = next++
      checkEqual(name, await pool.run('work', item), workFor(item, 0))
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: AT_A_TIME }, call))
  rate.push((count / (performance.now() - start)) * 1000)
}

function toAnswer(open: readonly Open[], rounds: number): Answer {
  // The one that the others are measured by is the pool most used.
  const base = open.find(({ name }) => name === 'piscina') ?? open[0]!
  return {
    how: `Median of ${rounds} rounds.`,
    columns: [
      '',
      'p50, µs',
      'p99, µs',
      `p50 beside ${base.name}`,
      `calls/s, ${AT_A_TIME} at a time`,
      `beside ${base.name}`,
    ],
    rows: open.map(({ name, p50, p99, rate }) => [
      name,
      formatSamples(p50),
      formatSamples(p99),
      formatSamples(divide(p50, base.p50), ' ×'),
      formatSamples(rate),
      formatSamples(divide(rate, base.rate), ' ×'),
    ]),
    samples: open.flatMap(({ name, p50, p99, rate }) => [
      { of: `${name}, p50`, unit: 'µs', values: p50 },
      { of: `${name}, p99`, unit: 'µs', values: p99 },
      { of: `${name}, ${AT_A_TIME} at a time`, unit: 'calls/s', values: rate },
    ]),
  }
}

/** What does one call cost, alone and among others? */
export const calls: Question = {
  name: 'calls',
  title: 'What does a single call cost?',
  about: `A task that does nothing, ${WORKERS} workers: first one call after another on an idle pool, then ${AT_A_TIME} at a time.`,
  async ask({ extent, hasPeers }) {
    process.env['EISENMP_BENCH_ROUNDS'] = '0'
    const open = await openAll(hasPeers)
    try {
      const { single, many } = counts[extent.name]
      for (const each of open) {
        await measureSingle(each, single)
        await measureMany(each, many)
        for (const samples of [each.p50, each.p99, each.rate]) samples.length = 0
      }
      for (let round = 0; round < extent.rounds; round++) {
        for (const each of open) await measureSingle(each, single)
        for (const each of open) await measureMany(each, many)
      }
      return [toAnswer(open, extent.rounds)]
    } finally {
      for (const { pool } of open) await pool.close()
    }
  },
}
