// How does one module of a worker control another? A mate is started before the main module, in each worker, and shares
// its toolbox. This one lets the worker count for as long as it likes what it sees, slows it down, and then stops it.
//   node examples/mate-control.ts
import { createPool } from 'eisenmp'
import { readWorkers } from './lib/read-workers.ts'
import type * as Counter from './mate-control.worker.ts'

function* endless(): Generator<number> {
  for (let n = 0; ; n += 1) yield n
}

const workers = readWorkers(2)
const pool = await createPool<typeof Counter>({
  // The main module first, then its mates.
  modules: [
    new URL('./mate-control.worker.ts', import.meta.url),
    { url: new URL('./mate-control-mate.worker.ts', import.meta.url), export: 'superviseCounter' },
  ],
  workers,
  config: { slowAfter: 20, stopAfter: 30 },
})
try {
  // It never ends by itself; the pool closes it.
  void pool.feed(endless(), { chunk: 100 })
  await pool.loop('count')
  const chunks = new Map<string, number>()
  for await (const { worker } of pool.results()) chunks.set(worker, (chunks.get(worker) ?? 0) + 1)
  const isEnough = [...chunks.values()].every((count) => count >= 30)
  console.log(`${chunks.size} workers stopped by their mates, each after 30 chunks or a few more: ${isEnough}`)
} finally {
  await pool.close()
}
