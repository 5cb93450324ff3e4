import { createPool, range } from '../eisenmp.ts'
import type * as Work from '../work.ts'
import { type Contender, type OpenContender, WORKERS } from './contender.ts'

type Ours = Awaited<ReturnType<typeof createPool<typeof Work>>>

async function openOurs(
  backend: 'threads' | 'processes',
  sum: (pool: Ours) => OpenContender['sum'],
): Promise<OpenContender> {
  const pool = await createPool<typeof Work>({
    modules: new URL('../work.ts', import.meta.url),
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

export const ours: readonly Contender[] = [
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
    open: () => openOurs('threads', (pool) => (_items, count) => sumByForEach(pool, range(0, count))),
  },
  {
    name: 'eisenmp range, reduce',
    isIndexed: true,
    open: () =>
      openOurs('threads', (pool) => (_items, count) => pool.from(range(0, count)).map('work').reduce('add', 0)),
  },
  {
    name: 'eisenmp processes',
    open: () => openOurs('processes', (pool) => (items) => sumByForEach(pool, items())),
  },
]
