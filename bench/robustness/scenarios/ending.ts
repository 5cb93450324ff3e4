import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EndingCase, OrphansCase } from '../case.ts'
import { observe } from '../deadline.ts'
import type { Context } from '../scenario.ts'
import { callEcho, openPool } from '../scenario.ts'

/** Work, perhaps a crash, close; then nothing: the program must end by itself. */
export async function runEnding(context: Context<EndingCase>): Promise<void> {
  const { row, report } = context
  const pool = await openPool(context, { workers: 2 })
  if (pool === undefined) return
  if (row.afterCrash)
    report(
      'inFlight',
      await observe(
        () => pool.run('exit', { code: 7 }),
        3000,
        () => false,
      ),
    )
  report('later', await observe(callEcho(pool, 'later', 2), 3000, (value) => value === 2))
  report('closed', await observe(() => pool.close(), 5000))
  report('closedAt', Date.now())
}

function countBusy(folder: string): number {
  try {
    return readFileSync(join(folder, 'executions'), 'utf8').split('busy').length - 1
  } catch {
    return 0
  }
}

/** Two busy workers, then SIGKILL for the program, by its own hand. */
export async function runOrphans(context: Context<OrphansCase>): Promise<void> {
  const { folder, report } = context
  const pool = await openPool(context, { workers: 2 })
  if (pool === undefined) return
  const call = (): Promise<unknown> => pool.run('spinFor', { label: 'busy', ms: 8000 })
  call().catch(() => undefined)
  call().catch(() => undefined)
  const deadline = Date.now() + 6000
  while (countBusy(folder) < 2 && Date.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
  if (countBusy(folder) === 2) report('done', true)
  process.kill(process.pid, 'SIGKILL')
}
