// What happens to the others when one item kills its worker? They arrive; only the item itself becomes a dead letter.
//   node examples/poison.ts
import { createPool } from 'eisenmp'
import { readWorkers } from './lib/read-workers.ts'
import type * as Pages from './poison.worker.ts'

const pages = Array.from({ length: 40 }, (_, page) => page)
const dead: unknown[] = []

const pool = await createPool<typeof Pages>({
  modules: new URL('./poison.worker.ts', import.meta.url),
  workers: readWorkers(2),
})
try {
  const onError = (letter: { item?: unknown; code: string }) => {
    console.log(`dead letter: item ${String(letter.item)}, ${letter.code}`)
    dead.push(letter.item)
  }
  const texts = await pool.from(pages, { chunk: 10, onError }).map('parsePage').toArray()
  console.log(`${texts.length} of ${pages.length} pages arrived, dead letters: ${dead.join(', ')}`)
} finally {
  await pool.close()
}
