// How many primes are there below a limit? A generator makes the numbers, the workers test them; or they make the
// numbers as well, which is as short and leaves this thread free.
//   node examples/primes.ts
import { createPool, range } from 'eisenmp'
import { readWorkers } from './lib/read-workers.ts'
import type * as Primes from './primes.worker.ts'

const LIMIT = 200_000

function* numbers(): Generator<number> {
  for (let n = 0; n < LIMIT; n += 1) yield n
}

const pool = await createPool<typeof Primes>({
  modules: new URL('./primes.worker.ts', import.meta.url),
  workers: readWorkers(),
})
try {
  console.log('one call, one answer:', await pool.run('isPrime', 97))
  for await (const prime of pool.from(numbers()).filter('isPrime')) {
    if (prime > 20) break
    console.log('in order, as they come:', prime)
  }
  const count = await pool.from(numbers(), { total: LIMIT }).filter('isPrime').count()
  const same = await pool.from(range(0, LIMIT)).filter('isPrime').count()
  console.log('made by a generator and made by the workers, the same:', count === same)
  console.log(`${count} primes below ${LIMIT}`)
} finally {
  await pool.close()
}
