import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { WORKERS, cut } from '../contenders/contender.ts'
import { inWindow } from '../contenders/in-window.ts'
import { HAND_MADE } from './protocol.ts'

type PiscinaClass = new (options: object) => {
  run(chunk: unknown, options: { name: string }): Promise<unknown>
  close(): Promise<void>
}

/** All results of a task that takes chunks made by hand, as they come. */
export async function collectByPiscina<Result>(tasks: URL, name: string, items: Iterable<unknown>): Promise<Result[]> {
  const { Piscina } = createRequire(import.meta.url)('piscina') as { Piscina: PiscinaClass }
  const pool = new Piscina({ filename: fileURLToPath(tasks), minThreads: WORKERS, maxThreads: WORKERS })
  const results: Result[] = []
  await inWindow(cut(items, HAND_MADE), 4 * WORKERS, async (chunk) => {
    results.push(...((await pool.run(chunk, { name })) as Result[]))
  })
  await pool.close()
  return results
}
