// What happens to an item that never ends? Its time is up, its worker is replaced, and the others arrive.
//   node examples/timeout.ts
import { createPool } from 'eisenmp'
import { readWorkers } from './lib/read-workers.ts'
import type * as Collatz from './timeout.worker.ts'

const numbers = Array.from({ length: 30 }, (_, n) => n)
const endless: unknown[] = []

const modules = new URL('./timeout.worker.ts', import.meta.url)
const pool = await createPool<typeof Collatz>({ modules, workers: readWorkers(2), itemTimeoutMs: 500 })
try {
  const onError = (letter: { item?: unknown; code: string }) => {
    console.log(`dead letter: item ${String(letter.item)}, ${letter.code}`)
    endless.push(letter.item)
  }
  const steps = await pool.from(numbers, { onError }).map('countSteps').toArray()
  console.log(`from 27 it takes ${Math.max(...steps)} steps, from 0 it never ends`)
  console.log(`${steps.length} of ${numbers.length} numbers arrived, ended by itemTimeoutMs: ${endless.join(', ')}`)
} finally {
  await pool.close()
}
