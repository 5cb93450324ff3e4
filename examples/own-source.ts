// Where may the items come from? From anything that iterates; here from a Node stream of the lines of a file, which is
// read only as fast as the workers take the lines.
//   node examples/own-source.ts
import { createPool } from 'eisenmp'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { readWorkers } from './lib/read-workers.ts'
import type * as Hashes from './own-source.worker.ts'

const file = createReadStream(new URL('./data/words.txt', import.meta.url))
const lines = Readable.from(createInterface({ input: file, crlfDelay: Infinity }))

const pool = await createPool<typeof Hashes>({
  modules: new URL('./own-source.worker.ts', import.meta.url),
  workers: readWorkers(),
})
try {
  let count = 0
  for await (const { line, hash } of pool.from<string>(lines).map('hashLine')) {
    if (count < 3) console.log(`${hash}  ${line}`)
    count += 1
  }
  console.log(`${count} lines hashed in order, file closed: ${file.destroyed}`)
} finally {
  await pool.close()
}
