import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StartCase } from '../case.ts'
import { toWorkerPath } from '../contract.ts'
import { observe } from '../deadline.ts'
import type { Context } from '../scenario.ts'
import { callEcho, destroyPool, openPool } from '../scenario.ts'

/** Written when needed: a file with a syntax error in the repository would stop every tool that reads it. */
function writeBrokenModule(folder: string): string {
  const path = join(folder, 'broken.mjs')
  writeFileSync(path, 'export function echo(item) {\n  return item.value\n')
  return path
}

/** One worker whose module cannot be loaded; the first call is the latest moment to say so. */
export async function runStart(context: Context<StartCase>): Promise<void> {
  const { row, folder, report } = context
  const module = row.module === 'syntax error' ? writeBrokenModule(folder) : toWorkerPath('throws-at-import.ts')
  const pool = await openPool(context, { workers: 1, module })
  if (pool === undefined) return
  report('start', await observe(callEcho(pool, 'first', 1), 5000))
  await destroyPool(pool)
}
