import { availableParallelism } from 'node:os'
import { createPool, range } from '../../src/index.ts'
import { PEERS } from '../robustness/peers.ts'
import type * as Work from './work.ts'

export const WORKERS: number = Math.min(2, availableParallelism())
const HAND_MADE = 1000
/** Calls that a pool without a stream is given at a time, so that its workers never wait for us. */
const CALLS_AHEAD = 256
const CHUNKS_AHEAD = 4 * WORKERS

/** A way to send many items through workers; gives the sum of the results. */
export interface Contender {
  readonly name: string
  /** Workers make the items: numbers from 0 on. */
  readonly isIndexed?: boolean
  open(): Promise<OpenContender>
}

export interface OpenContender {
  sum(items: () => Iterable<unknown>, count: number): Promise<number>
  close(): Promise<unknown>
}

type Ours = Awaited<ReturnType<typeof createPool<typeof Work>>>

async function openOurs(
  backend: 'threads' | 'processes',
  sum: (pool: Ours) => OpenContender['sum'],
): Promise<OpenContender> {
  const pool = await createPool<typeof Work>({
    modules: new URL('./work.ts', import.meta.url),
    backend,
    workers: WORKERS,
  })
  return { sum: sum(pool), close: () => pool.close() }
}

async function sumByForEach(pool: Ours, items: Iterable<unknown>): Promise<number> {
  let sum = 0
  await pool
    .from(items)
    .map('work')
    .forEach((value) => {
      sum += value
    })
  return sum
}

const ours: readonly Contender[] = [
  {
    name: 'eisenmp forEach',
    open: () => openOurs('threads', (pool) => (items) => sumByForEach(pool, items())),
  },
  {
    name: 'eisenmp for await',
    open: () =>
      openOurs('threads', (pool) => async (items) => {
        let sum = 0
        for await (const value of pool.from(items()).map('work')) sum += value
        return sum
      }),
  },
  {
    name: 'eisenmp range',
    isIndexed: true,
    open: () =>
      openOurs('threads', (pool) => async (_items, count) => {
        let sum = 0
        await pool
          .from(range(0, count))
          .map('work')
          .forEach((value) => {
            sum += value
          })
        return sum
      }),
  },
  {
    name: 'eisenmp processes',
    open: () => openOurs('processes', (pool) => (items) => sumByForEach(pool, items())),
  },
]

async function sumInWindow<T>(source: Iterable<T>, ahead: number, call: (item: T) => Promise<number>): Promise<number> {
  let sum = 0
  const iterator = source[Symbol.iterator]()
  const take = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      // Not `sum += await`: that would read the sum before the others have added to it.
      const value = await call(next.value)
      sum += value
    }
  }
  await Promise.all(Array.from({ length: ahead }, take))
  return sum
}

function* cut(items: Iterable<unknown>): Generator<unknown[]> {
  let chunk: unknown[] = []
  for (const item of items) {
    if (chunk.push(item) < HAND_MADE) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** Pools without a stream: item by item, and with chunks that the user makes. */
function describePeers(): Contender[] {
  const threads = PEERS.filter(({ mode, package: name }) => mode === 'threads' && name !== 'eisenmp')
  return threads.flatMap((peer): Contender[] => {
    const open = () => peer.open({ workers: WORKERS })
    return [
      {
        name: peer.package,
        open: async () => {
          const pool = await open()
          const call = async (item: unknown): Promise<number> => (await pool.run('work', item)) as number
          return { sum: (items) => sumInWindow(items(), CALLS_AHEAD, call), close: () => pool.close() }
        },
      },
      {
        name: `${peer.package}, chunks by hand`,
        open: async () => {
          const pool = await open()
          const call = async (chunk: unknown[]): Promise<number> => {
            let sum = 0
            for (const value of (await pool.run('workMany', chunk)) as number[]) sum += value
            return sum
          }
          return { sum: (items) => sumInWindow(cut(items()), CHUNKS_AHEAD, call), close: () => pool.close() }
        },
      },
    ]
  })
}

/** Those that are there: without the packages of this folder only our own. */
export function listContenders(hasPeers: boolean): readonly Contender[] {
  return hasPeers ? [...ours, ...describePeers()] : ours
}
