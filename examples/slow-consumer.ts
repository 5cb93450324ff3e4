// What if the source never ends and the consumer is slow? The source waits, and is closed by `break`.
//   node examples/slow-consumer.ts
import { createPool } from 'eisenmp'
import { setTimeout } from 'node:timers/promises'
import { readWorkers } from './lib/read-workers.ts'
import type * as Primes from './primes.worker.ts'

let made = 0
let isClosed = false

function* endless(): Generator<number> {
  try {
    for (;;) yield made++
  } finally {
    isClosed = true
  }
}

const pool = await createPool<typeof Primes>({
  modules: new URL('./primes.worker.ts', import.meta.url),
  workers: readWorkers(2),
})
try {
  let taken = 0
  for await (const prime of pool.from(endless(), { chunk: 10, window: 4 }).filter('isPrime')) {
    await setTimeout(20)
    taken += 1
    console.log(`took ${prime}, ${made} numbers made so far`)
    if (taken === 10) break
  }
  console.log(`took ${taken} primes, source closed: ${isClosed}, numbers made below 200: ${made < 200}`)
} finally {
  await pool.close()
}
