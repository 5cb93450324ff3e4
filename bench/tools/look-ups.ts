/** `look-ups.ts <backend> <workers> <words> <asked>` prints one line. */
import { createPool, tool } from '../../src/index.ts'
import type * as Workers from './workers.ts'

const [backend, workers, wordFile, askedFile] = process.argv.slice(2) as [
  'threads' | 'processes',
  string,
  string,
  string,
]
const TIMES = 2_000_000
const count = Number(workers)

const startedAt = performance.now()
const pool = await createPool<typeof Workers>({
  modules: new URL('./workers.ts', import.meta.url),
  backend,
  workers: count,
  tools: { words: tool.words(wordFile) },
})
await pool.resize(count)
const startedMs = performance.now() - startedAt
const results: Record<string, number[]> = { tool: [], set: [] }
for (const kind of ['tool', 'set'] as const) {
  if (kind === 'set')
    await pool
      .from(
        Array.from({ length: count }, () => wordFile),
        { chunk: 1 },
      )
      .map('fillOwnSet')
      .toArray()
  // Three rounds: the first has everything cold.
  for (let round = 0; round < 3; round++) {
    const calls = Array.from({ length: count }, () => ({ file: askedFile, of: kind, times: TIMES }))
    const found = await pool.from(calls, { chunk: 1, window: count }).map('measureLookUps').toArray()
    for (const { found: hits } of found) if (hits !== TIMES / 2) throw new Error(`Of ${TIMES} there were ${hits}`)
    results[kind] = found.map(({ us }) => us)
  }
}
console.log(JSON.stringify({ ...results, startedMs }))
await pool.close()
