/** One program, so that nothing of another measurement is left: `memory.ts <backend> <workers> <GB>` prints one line. */
import { createPool, tool } from '../../src/index.ts'
import { readMemory } from './workers.ts'
import type * as Workers from './workers.ts'

const [backend, workers, gb] = process.argv.slice(2) as ['threads' | 'processes', string, string]
const count = Number(workers)
const length = Math.round((Number(gb) * 2 ** 30) / 8)

function* makeNumbers(): Generator<Float64Array> {
  const piece = new Float64Array(2 ** 20)
  for (let from = 0; from < length; from += piece.length) {
    const to = Math.min(piece.length, length - from)
    for (let i = 0; i < to; i++) piece[i] = from + i
    yield piece.subarray(0, to)
  }
}

const startedAt = performance.now()
const pool = await createPool<typeof Workers>({
  modules: new URL('./workers.ts', import.meta.url),
  backend,
  workers: count,
  tools: { numbers: tool.array(Float64Array, makeNumbers) },
  startTimeoutMs: 60_000,
})
await pool.resize(count)
const startedMs = performance.now() - startedAt
// Until every worker has gone through all of it.
const seen = new Set<string>()
while (seen.size < count) {
  const stream = pool.from(Array.from({ length: count }), { chunk: 1, window: count })
  const totals = await stream.map('sum').toArray()
  const wanted = (length * (length - 1)) / 2
  for (const total of totals)
    if (Math.abs(total - wanted) > wanted * 1e-6) throw new Error(`The sum is ${String(total)}`)
  for (const { id, items } of pool.stats().workers) if (items > 0) seen.add(id)
}
const memories = new Map([[process.pid, readMemory()]])
if (backend === 'processes') {
  while (memories.size < count + 1) {
    for (const memory of await pool
      .from(Array.from({ length: count }), { chunk: 1 })
      .map('readMemory')
      .toArray()) {
      memories.set(memory.pid, memory)
    }
  }
}
const all = [...memories.values()]
const add = (name: 'rss' | 'pss'): number => all.reduce((sum, memory) => sum + memory[name], 0)
console.log(JSON.stringify({ rss: add('rss'), pss: add('pss'), parent: memories.get(process.pid)!.rss, startedMs }))
await pool.close()
