// What is the average of a column of a CSV file? A generator can read the records here and send the fields; with csv()
// the workers read the file themselves, each its own stretches, and only totals come back.
//   node examples/csv-average.ts
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool, csv } from 'eisenmp'
import { readWorkers } from './lib/read-workers.ts'
import type * as Table from './csv-average.worker.ts'

const ROWS = 100_000
const folder = mkdtempSync(join(tmpdir(), 'eisenmp-example-'))
const path = join(folder, 'flights.csv')
const rows = Array.from({ length: ROWS }, (_, i) => `F${i},"Oslo, Gardermoen",${(i % 61) - 20}\n`)
writeFileSync(path, `flight,airport,delay\n${rows.join('')}`)

/** Good for this file only: a delay has no quotes and stands at the end. */
async function* readDelays(): AsyncGenerator<string> {
  const file = await open(path)
  let isHead = true
  for await (const line of file.readLines()) {
    if (!isHead) yield line.slice(line.lastIndexOf(',') + 1)
    isHead = false
  }
}

const pool = await createPool<typeof Table>({
  modules: new URL('./csv-average.worker.ts', import.meta.url),
  workers: readWorkers(),
})
try {
  const none = { flights: 0, minutes: 0 }
  const bySending = await pool.from(readDelays()).map('toTotals').reduce('addTotals', none)
  const { flights, minutes } = await pool
    .from(csv(path, { column: 'delay' }))
    .map('toTotals')
    .reduce('addTotals', none)
  const isSame = bySending.flights === flights && bySending.minutes === minutes
  console.log('read by a generator and read by the workers, the same:', isSame)
  console.log(`average delay ${(minutes / flights).toFixed(4)} minutes of ${flights} flights`)
} finally {
  await pool.close()
  rmSync(folder, { recursive: true })
}
