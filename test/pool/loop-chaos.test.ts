import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type BackendName, type Pool, createPool } from '../../src/index.ts'
import { createRandom } from '../chaos/random.ts'
import { count } from '../contracts/pool-contract.ts'
import type * as Loops from '../fixtures/loops.worker.ts'
import { within } from '../support/wait-until.ts'

const modules = new URL('../fixtures/loops.worker.ts', import.meta.url)
const seed = Number(process.env['EISENMP_SEED'] ?? Math.floor(Math.random() * 1_000_000))

const PLANS = { threads: 3, processes: 1, inline: 6 } as const
const MOST_WORKERS = 3
const BIG = 1_000_000

type Random = () => number

function pick(random: Random, most: number): number {
  return 1 + Math.floor(random() * most)
}

/** A worker inline cannot die alone. */
function open(backend: BackendName, random: Random): Promise<Pool<typeof Loops>> {
  const capacity = (): { capacity: number } => ({ capacity: pick(random, 3) })
  return createPool<typeof Loops>({
    modules,
    backend,
    workers: pick(random, MOST_WORKERS),
    config: { deaths: backend === 'inline' ? 0 : random() * 0.04 },
    queues: { mid: capacity(), out: { capacity: 100 }, pair: { left: capacity(), right: capacity() } },
    retries: { crash: 100 },
    restarts: { max: 1000 },
  })
}

/** Reads, stops and reads on, and resizes without waiting for it. */
async function readAll(pool: Pool<typeof Loops>, random: Random): Promise<number[]> {
  const got: number[] = []
  const ordered = random() < 0.5
  const readSome = async (): Promise<boolean> => {
    for await (const { value } of pool.results({ ordered })) {
      got.push(...(value as number[]))
      if (random() < 0.1) void pool.resize(pick(random, MOST_WORKERS)).catch(() => {})
      if (random() < 0.2) return true
    }
    return false
  }
  while (await readSome());
  return got
}

async function loseNothing(pool: Pool<typeof Loops>, random: Random): Promise<void> {
  const chunk = pick(random, 5)
  // As many for both: the first stage takes from them in turn.
  const left = count(10 + pick(random, 50))
  const right = left.map((n) => BIG + n)
  void pool.feed(left, { queue: pool.queues.pair.left, chunk })
  void pool.feed(right, { queue: pool.queues.pair.right, chunk })
  const loops = [pool.loop('move', { closes: [pool.queues.mid, pool.queues.out] }), pool.loop('gather')]
  const got = await within(readAll(pool, random), 'results()')
  await within(Promise.all(loops), 'loops')
  assert.deepEqual(
    got.sort((a, b) => a - b),
    [...left, ...right],
  )
}

for (const backend of ['threads', 'processes', 'inline'] as const) {
  it(`two loops of ${backend} over small queues lose and double nothing, whatever comes, seed ${seed}`, async () => {
    const random = createRandom(seed)
    for (let plan = 0; plan < PLANS[backend]; plan += 1) {
      const pool = await open(backend, random)
      try {
        await loseNothing(pool, random)
      } finally {
        await within(pool.destroy(), 'destroy()')
      }
    }
  })
}
