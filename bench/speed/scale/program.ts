// One stream through one pool, in a program of its own, so that its memory is that of the stream.
import { createPool, range } from '../eisenmp.ts'
import { checkEqual } from '../question.ts'
import type * as Work from '../work.ts'
import { work } from '../work.ts'
import { scaleProgram } from './protocol.ts'

type Ours = Awaited<ReturnType<typeof createPool<typeof Work>>>
const { way, items, workers, rounds } = scaleProgram.readInput()

function* make(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i
}

async function countEven(pool: Ours, count: number): Promise<number> {
  if (way === 'range') return pool.from(range(0, count)).filter('isEven').count()
  let found = 0
  await pool
    .from(make(count))
    .filter('isEven')
    .forEach(() => {
      found++
    })
  return found
}

async function sumWork(pool: Ours, count: number): Promise<number> {
  if (way === 'range') return pool.from(range(0, count)).map('work').reduce('add', 0)
  let sum = 0
  await pool
    .from(make(count))
    .map('work')
    .forEach((value) => {
      sum += value
    })
  return sum
}

function sumPlain(count: number): number {
  let sum = 0
  if (way === 'generator') for (const item of make(count)) sum += work(item)
  else for (let i = 0; i < count; i++) sum += work(i)
  return sum
}

const pool = await createPool<typeof Work>({ modules: new URL('../work.ts', import.meta.url), workers })
const isWork = rounds !== undefined
const run = isWork ? sumWork : countEven
await run(pool, Math.min(items, 20_000))
if (isWork) sumPlain(Math.min(items, 20_000))
const start = performance.now()
const result = await run(pool, items)
const ms = performance.now() - start
const peakMb = process.resourceUsage().maxRSS / 1024
const plainStart = performance.now()
const expected = isWork ? sumPlain(items) : Math.ceil(items / 2)
const plainMs = performance.now() - plainStart
checkEqual(`${way} of ${items}`, result, expected)
scaleProgram.writeResult({ ms, ...(isWork && { plainMs }), peakMb })
await pool.close()
