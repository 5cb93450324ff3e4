// What is the average of a column of a table that lies in a zip archive on a server? This thread reads the archive's table
// of contents only; each worker fetches, unpacks and reads files of it by itself. The server is a small one of our own.
//   node examples/zip-average.ts
import { createPool } from 'eisenmp'
import { measureUrl, readUrl } from './lib/read-http.ts'
import { readWorkers } from './lib/read-workers.ts'
import { serveBytes } from './lib/serve-bytes.ts'
import { listZip } from './lib/zip-reader.ts'
import { writeZip } from './lib/zip-writer.ts'
import type * as Table from './zip-average.worker.ts'

const YEARS = 12
const ROWS = 20_000

/** Sales of a year, made up: `"bread, dark",17`. */
function makeYear(year: number): { name: string; text: string } {
  const rows = Array.from({ length: ROWS }, (_, i) => `"bread, ${i % 2 ? 'dark' : 'light'}",${(i * 7 + year) % 50}\n`)
  return { name: `sales-${year}.csv`, text: `article,sold\n${rows.join('')}` }
}

const workers = readWorkers()
const server = await serveBytes(writeZip(Array.from({ length: YEARS }, (_, i) => makeYear(2013 + i))))
const modules = new URL('./zip-average.worker.ts', import.meta.url)
const pool = await createPool<typeof Table>({ modules, workers, config: { url: server.url, column: 'sold' } })
try {
  const entries = await listZip(readUrl(server.url), await measureUrl(server.url))
  console.log(`${server.url}: ${entries.length} files, ${entries[0]?.name} to ${entries.at(-1)?.name}`)
  const none = { rows: 0, sum: 0 }
  const { rows, sum } = await pool.from(entries, { chunk: 1 }).map('readTotals').reduce('addTotals', none)
  console.log(`average ${(sum / rows).toFixed(4)} of ${rows} rows`)
} finally {
  await pool.close()
  await server.close()
}
