// Can several sources feed a pool at once? Four stations of two regions, each with a queue of its own in its region's
// category, of different length and speed. Every queue numbers its chunks by itself, so that in the end a check shows that
// no chunk is missing, although one worker dies on the way.
//   node examples/four-feeders.ts
import { createPool } from 'eisenmp'
import { setTimeout } from 'node:timers/promises'
import { readWorkers } from './lib/read-workers.ts'
import type * as Weather from './four-feeders.worker.ts'

/** Readings of a station, as they come: some stations are slower than others. */
async function* readStation(count: number, pauseMs: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i += 1) {
    if (i % 50 === 0) await setTimeout(pauseMs)
    yield (i * 37) % 100
  }
}

const pool = await createPool<typeof Weather>({
  modules: new URL('./four-feeders.worker.ts', import.meta.url),
  workers: readWorkers(2),
  // In shared memory, so that only one worker dies.
  config: { deaths: new Int32Array(new SharedArrayBuffer(4)) },
  queues: {
    north: { rain: { capacity: 2 }, wind: { capacity: 4 } },
    south: { rain: { capacity: 2 }, wind: { capacity: 4 } },
  },
})
try {
  const { north, south } = pool.queues
  const feeds = [
    pool.feed(readStation(400, 1), { queue: north.rain, chunk: 10 }),
    pool.feed(readStation(300, 5), { queue: north.wind, chunk: 10 }),
    pool.feed(readStation(200, 2), { queue: south.rain, chunk: 10 }),
    pool.feed(readStation(100, 9), { queue: south.wind, chunk: 10 }),
  ]
  await pool.loop('addUp')
  await Promise.all(feeds)
  const store = pool.results({ store: true })
  console.log(store.report('Readings'))
  let readings = 0
  for (const [queue, sums] of store) {
    const { count, sum } = addAll([...sums.values()] as Weather.Sum[])
    readings += count
    console.log(`${queue}: ${count} readings, average ${(sum / count).toFixed(2)}`)
  }
  const died = pool.stats().workers.reduce((sum, { restarts }) => sum + restarts, 0)
  console.log(
    `${readings} readings of ${store.size} queues, workers that died: ${died}, missing: ${store.missing().length}`,
  )
} finally {
  await pool.close()
}

function addAll(sums: Weather.Sum[]): Weather.Sum {
  return sums.reduce((a, b) => ({ count: a.count + b.count, sum: a.sum + b.sum }), { count: 0, sum: 0 })
}
