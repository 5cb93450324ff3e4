/**
 * Chaos: an ordered stream while workers die at random by every means, checked against what it must be.
 *
 *     npm run chaos -- --seconds 60 [--seed 1] [--workers 2] [--backend threads|processes]
 *
 * The results are hashed and compared with the same items computed here, without workers; the books must balance;
 * nothing may be left running.
 */
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type PoolStats, createPool } from '../../src/index.ts'
import type * as Work from './chaos.worker.ts'
import { digest } from './digest.ts'
import { Killer } from './killer.ts'

interface Round {
  readonly backend: 'threads' | 'processes'
  readonly seconds: number
  readonly workers: number
  readonly seed: number
}

const LIFE_MS = 300
const KILL_EVERY_MS = 400
const FINISH_WITHIN_MS = 30_000

/** Numbers until the time is over. */
function* countUntil(deadline: number): Generator<number> {
  for (let n = 0; performance.now() < deadline; n++) yield n
}

function hashWithoutWorkers(items: number): string {
  const hash = createHash('sha256')
  for (let n = 0; n < items; n++) hash.update(digest(n))
  return hash.digest('hex')
}

function checkBooks(stats: PoolStats): string[] {
  const { pulled, ok, failed, attempts, errors, crashes, timeouts, staleResults } = stats
  const problems: string[] = []
  if (pulled !== ok + failed) problems.push(`pulled ${pulled} is not ok ${ok} + failed ${failed}`)
  const sum = ok + errors + crashes + timeouts + staleResults
  if (attempts !== sum) problems.push(`attempts ${attempts} is not ok + errors + crashes + timeouts + stale = ${sum}`)
  return problems
}

function countLeftovers(): string[] {
  const names = process.getActiveResourcesInfo()
  return names.filter(
    (name) => ['ProcessWrap', 'MessagePort', 'Worker', 'PipeWrap'].includes(name) && name !== 'PipeWrap',
  )
}

async function play({ backend, seconds, workers, seed }: Round): Promise<string[]> {
  const pool = await createPool<typeof Work>({
    modules: new URL('./chaos.worker.ts', import.meta.url),
    backend,
    workers,
    config: { seed, lifeMs: LIFE_MS } satisfies Work.ChaosConfig,
    // Random kills look like poison: an innocent item must have the budget to meet many.
    retries: { crash: 50, error: 5 },
    restarts: { max: 1_000_000 },
    ...(backend === 'processes' ? { resourceLimits: { maxOldGenerationSizeMb: 64 } } : {}),
  })
  const killer = new Killer(pool as never, KILL_EVERY_MS, seed)
  const problems: string[] = []
  const started = performance.now()
  const deadline = started + seconds * 1000
  const trap = setTimeout(
    () => {
      console.error(`chaos: HANG on ${backend}, seed ${seed}:`, pool.stats())
      process.exit(1)
    },
    seconds * 1000 + FINISH_WITHIN_MS,
  )
  const hash = createHash('sha256')
  let items = 0
  try {
    for await (const answer of pool.from(countUntil(deadline)).map('work')) {
      hash.update(answer)
      items += 1
    }
  } catch (error) {
    problems.push(`the stream ended with ${String(error)}`)
  }
  killer.stop()
  const finishedMs = performance.now() - deadline
  const stats = pool.stats()
  await pool.close()
  clearTimeout(trap)
  problems.push(...checkBooks(stats))
  if (hash.digest('hex') !== hashWithoutWorkers(items))
    problems.push('the results are not those of a run without faults')
  const left = countLeftovers()
  if (left.length > 0) problems.push(`left behind: ${left.join(', ')}`)
  const restarts = stats.workers.reduce((sum, worker) => sum + worker.restarts, 0)
  const kills = [...killer.sent].map(([signal, times]) => `${signal} ${times}`).join(', ') || 'none'
  console.log(`${backend}: ${items} items in order, ${restarts} workers died (from outside: ${kills}),`)
  console.log(
    `  ${stats.crashes} attempts lost and made again, finished ${Math.round(finishedMs)} ms after the source ended`,
  )
  return problems
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    workers: { type: 'string', default: '2' },
    backend: { type: 'string' },
  },
})
const backends =
  values.backend === undefined ? (['threads', 'processes'] as const) : [values.backend as Round['backend']]
const seed = Number(values.seed)
const uncaught: unknown[] = []
process.on('uncaughtException', (error) => uncaught.push(error))
process.on('unhandledRejection', (error) => uncaught.push(error))

console.log(`chaos with seed ${seed}, ${values.seconds} s, ${values.workers} workers, Node ${process.version}`)
const problems: string[] = []
for (const backend of backends) {
  const seconds = Number(values.seconds) / backends.length
  problems.push(...(await play({ backend, seconds, workers: Number(values.workers), seed })))
}
// One turn, so that what the end of the workers throws would be seen.
await wait(1)
problems.push(...uncaught.map((error) => `uncaught in the parent: ${String(error)}`))
for (const problem of problems) console.error(`FAILED: ${problem}; repeat with --seed ${seed}`)
process.exitCode = problems.length === 0 ? 0 : 1
console.log(problems.length === 0 ? 'chaos: all results right, all books balanced, nothing left' : 'chaos: FAILED')
