// How little does it take to use every core? These two lines, and a module that exports a function.
//   node examples/two-lines.ts
import { createPool } from 'eisenmp'
import type * as Primes from './primes.worker.ts'

const pool = await createPool<typeof Primes>({ modules: new URL('./primes.worker.ts', import.meta.url) })
for await (const prime of pool.from([11, 12, 13, 14, 15, 16, 17]).filter('isPrime')) console.log(prime)
