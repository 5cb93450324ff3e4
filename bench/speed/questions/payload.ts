import type { OpenPool } from '../../robustness/contract.ts'
import { PEERS } from '../../robustness/peers.ts'
import { WORKERS, sumInWindow } from '../contenders/contender.ts'
import { createPool } from '../eisenmp.ts'
import { divide, summarize } from '../figures.ts'
import { type Answer, type Extent, type Question, checkEqual, formatSamples } from '../question.ts'
import type * as Work from '../work.ts'

const KB = 1024
const sizes: Record<Extent['name'], readonly number[]> = {
  smoke: [KB, 64 * KB],
  quick: [KB, 16 * KB, 128 * KB, 1024 * KB, 16_384 * KB],
  full: [KB, 4 * KB, 16 * KB, 64 * KB, 256 * KB, 1024 * KB, 4096 * KB, 16_384 * KB],
}
const totals: Record<Extent['name'], number> = { smoke: 64 * KB, quick: 48 * KB * KB, full: 256 * KB * KB }
const MOST_ITEMS = 20_000
/** Those without a stream have as many bytes under way at most as one chunk of ours, or one buffer for each worker. */
const BYTES_AHEAD = 8 * KB * KB

type Direction = 'in' | 'out'

interface Open {
  readonly name: string
  /** Gives the bytes that arrived. */
  carry(direction: Direction, bytes: number, count: number): Promise<number>
  close(): Promise<unknown>
}

function* repeat<T>(value: T, count: number): Generator<T> {
  for (let i = 0; i < count; i++) yield value
}

async function openOurs(backend: 'threads' | 'processes'): Promise<Open> {
  const modules = new URL('../work.ts', import.meta.url)
  const pool = await createPool<typeof Work>({ modules, backend, workers: WORKERS })
  return {
    name: `eisenmp ${backend}`,
    async carry(direction, bytes, count) {
      let sum = 0
      if (direction === 'in') {
        const stream = pool.from(repeat(new Uint8Array(bytes), count)).map('takeBuffer')
        await stream.forEach((length) => {
          sum += length
        })
      } else {
        const stream = pool.from(repeat(bytes, count)).map('giveBuffer')
        await stream.forEach((buffer) => {
          sum += buffer.length
        })
      }
      return sum
    },
    close: () => pool.close(),
  }
}

function wrapPeer(name: string, pool: OpenPool): Open {
  return {
    name,
    carry(direction, bytes, count) {
      const ahead = Math.min(64, Math.max(WORKERS, Math.floor(BYTES_AHEAD / bytes)))
      if (direction === 'in') {
        return sumInWindow(repeat(new Uint8Array(bytes), count), ahead, async (buffer) => {
          return (await pool.run('takeBuffer', buffer)) as number
        })
      }
      return sumInWindow(repeat(bytes, count), ahead, async (length) => {
        return ((await pool.run('giveBuffer', length)) as Uint8Array).length
      })
    },
    close: () => pool.close(),
  }
}

async function openAll(hasPeers: boolean): Promise<Open[]> {
  const open = [await openOurs('threads'), await openOurs('processes')]
  const others = PEERS.filter(({ name }) => hasPeers && (name === 'piscina' || name === 'tinypool processes'))
  for (const peer of others) open.push(wrapPeer(peer.name, await peer.open({ workers: WORKERS, advanced: true })))
  return open
}

function countBuffers(extent: Extent, bytes: number): number {
  return Math.round(Math.max(4 * WORKERS, Math.min(MOST_ITEMS, totals[extent.name] / bytes)))
}

function describeSize(bytes: number): string {
  return bytes < KB * KB ? `${bytes / KB} KB` : `${bytes / KB / KB} MB`
}

async function askDirection(direction: Direction, extent: Extent, open: readonly Open[]): Promise<Answer> {
  const rates = open.map(() => sizes[extent.name].map((): number[] => []))
  for (const [column, bytes] of sizes[extent.name].entries()) {
    const count = countBuffers(extent, bytes)
    for (const { carry } of open) await carry(direction, bytes, Math.ceil(count / 4))
    for (let round = 0; round < extent.rounds; round++) {
      for (const [row, { name, carry }] of open.entries()) {
        const start = performance.now()
        checkEqual(`${name}, ${direction}, ${bytes} bytes`, await carry(direction, bytes, count), bytes * count)
        rates[row]![column]!.push((bytes * count) / 1e6 / ((performance.now() - start) / 1000))
      }
    }
  }
  const base = rates[open.findIndex(({ name }) => name === 'piscina')]
  const ratios = open.map(({ name }, row) => [
    `${name}, beside piscina`,
    ...rates[row]!.map((samples, column) => formatSamples(divide(samples, base?.[column] ?? samples), ' ×')),
  ])
  return {
    title: direction === 'in' ? 'Buffers to the workers' : 'Buffers from the workers',
    how: `MB/s, median of ${extent.rounds} rounds.`,
    columns: ['', ...sizes[extent.name].map(describeSize)],
    rows: [
      ...open.map(({ name }, row) => [name, ...rates[row]!.map((samples) => formatSamples(samples))]),
      ...ratios.filter(([name]) => base !== undefined && !name!.startsWith('piscina')),
    ],
    plot: {
      file: `payload-${direction}.svg`,
      title: direction === 'in' ? 'Buffers to the workers' : 'Buffers from the workers',
      x: { label: 'size of a buffer, KB', isLogarithmic: true },
      y: { label: 'MB/s', isLogarithmic: true },
      series: open.map(({ name }, row) => ({
        name,
        points: sizes[extent.name].map((bytes, column) => {
          return [bytes / KB, summarize(rates[row]![column]!).median] as const
        }),
      })),
    },
    samples: open.flatMap(({ name }, row) =>
      rates[row]!.map((values, column) => {
        return { of: `${name}, ${direction}, ${sizes[extent.name][column]} bytes`, unit: 'MB/s', values }
      }),
    ),
  }
}

/** How fast do large items travel? */
export const payload: Question = {
  name: 'payload',
  title: 'How fast do large items travel?',
  about: `Buffers that the task only takes, or only gives; ${WORKERS} workers. Nothing is handed over by a transfer list. Pools without a stream have up to 64 calls open, and up to 8 MB. Processes of tinypool use the advanced serialization.`,
  async ask({ extent, hasPeers }) {
    process.env['EISENMP_BENCH_ROUNDS'] = '0'
    const open = await openAll(hasPeers)
    try {
      return [await askDirection('in', extent, open), await askDirection('out', extent, open)]
    } finally {
      for (const { close } of open) await close()
    }
  },
}
