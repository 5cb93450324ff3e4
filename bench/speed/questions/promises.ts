import { calibrate } from '../calibrate.ts'
import { BarePool } from '../contenders/bare.ts'
import { type OpenContender, WORKERS, cut } from '../contenders/contender.ts'
import { peers } from '../contenders/peers.ts'
import { createPool } from '../eisenmp.ts'
import { divide } from '../figures.ts'
import { type Extent, type Question, checkEqual, formatSamples } from '../question.ts'
import type * as Work from '../work.ts'
import { workFor } from '../work.ts'

const CHUNK = 1000
const PIECE = 'piscina, chunks by hand'
const chunks: Record<Extent['name'], number> = { smoke: 4, quick: 600, full: 4000 }

interface Open {
  readonly name: string
  readonly pool: OpenContender
  readonly ms: number[]
}

async function openAll(hasPeers: boolean): Promise<Open[]> {
  const bare = new BarePool()
  await bare.open()
  const pool = await createPool<typeof Work>({ modules: new URL('../work.ts', import.meta.url), workers: WORKERS })
  const piscina = peers.find(({ name }) => hasPeers && name === PIECE)
  const open: Open[] = [
    {
      name: 'bare worker_threads',
      pool: { sum: (items) => bare.sum(cut(items(), CHUNK)), close: () => bare.close() },
      ms: [],
    },
    {
      name: 'eisenmp mapChunks',
      pool: {
        sum: async (items) => {
          let sum = 0
          const stream = pool.from(items() as Iterable<number>, { chunk: CHUNK }).mapChunks('workMany')
          await stream.forEach((value) => {
            sum += value
          })
          return sum
        },
        close: () => pool.close(),
      },
      ms: [],
    },
    {
      name: 'eisenmp map, chunks by itself',
      pool: {
        sum: async (items) => {
          let sum = 0
          await pool
            .from(items())
            .map('work')
            .forEach((value) => {
              sum += value
            })
          return sum
        },
        close: () => Promise.resolve(),
      },
      ms: [],
    },
  ]
  if (piscina !== undefined) open.push({ name: PIECE, pool: await piscina.open({ items: CHUNK }), ms: [] })
  return open
}

function* count(to: number): Generator<number> {
  for (let i = 0; i < to; i++) yield i
}

/** What do order, retries, time limits and blame cost, where chunks are large enough not to be all overhead? */
export const promises: Question = {
  name: 'promises',
  title: 'What do the promises cost?',
  about: `Chunks of ${CHUNK} numbers that take 1 ms each, through ${WORKERS} threads with \`postMessage\` and nothing else, and through pools. Order, crashes, blame and back-pressure are minded by the pool; the bare program minds none of them.`,
  async ask({ extent, hasPeers }) {
    const rounds = Math.round(calibrate())
    process.env['EISENMP_BENCH_ROUNDS'] = String(rounds)
    const items = chunks[extent.name] * CHUNK
    let expected = 0
    for (let i = 0; i < items; i++) expected += workFor(i, rounds)
    const open = await openAll(hasPeers)
    try {
      for (const { pool } of open) await pool.sum(() => count(items >> 2), items >> 2)
      const times = extent.name === 'smoke' ? 1 : 3 * extent.rounds
      for (let round = 0; round < times; round++) {
        for (const { name, pool, ms } of open) {
          const start = performance.now()
          checkEqual(name, await pool.sum(() => count(items), items), expected)
          ms.push(performance.now() - start)
        }
      }
      const base = open[0]!.ms
      return [
        {
          how: `${chunks[extent.name]} chunks, median of ${times} rounds.`,
          columns: ['', 'ms', 'beside bare', 'more'],
          rows: open.map(({ name, ms }) => {
            const more = divide(ms, base).map((ratio) => (ratio - 1) * 100)
            return [name, formatSamples(ms), formatSamples(divide(ms, base), ' ×'), formatSamples(more, ' %')]
          }),
          samples: open.map(({ name, ms }) => ({ of: name, unit: 'ms', values: ms })),
        },
      ]
    } finally {
      for (const { pool } of open) await pool.close()
    }
  },
}
