import { setTimeout as wait } from 'node:timers/promises'
import { WORKERS } from '../contenders/contender.ts'
import { createPool, range } from '../eisenmp.ts'
import { type Extent, type Question, checkEqual, format } from '../question.ts'

const watchMs: Record<Extent['name'], number> = { smoke: 200, quick: 5000, full: 20_000 }

/** What does a pool cost that has nothing to do? */
export const idle: Question = {
  name: 'idle',
  title: 'What does a pool cost that has nothing to do?',
  about: 'To come.',
  async ask({ extent }) {
    process.env['EISENMP_BENCH_ROUNDS'] = '0'
    const rows: string[][] = []
    for (const backend of ['threads', 'processes'] as const) {
      const pool = await createPool({ modules: new URL('../work.ts', import.meta.url), backend, workers: WORKERS })
      checkEqual('count()', await pool.from(range(0, 10_000)).map('work').count(), 10_000)
      // What the work has left behind to tidy up is not the pool's idling.
      await wait(watchMs[extent.name] / 5)
      const start = process.cpuUsage()
      await wait(watchMs[extent.name])
      const { user, system } = process.cpuUsage(start)
      const percent = (user + system) / 10 / watchMs[extent.name]
      rows.push([backend, `${format(percent)} %`])
      await pool.close()
    }
    return [
      {
        how: `CPU time of the program over ${watchMs[extent.name]} ms with ${WORKERS} idle workers that have worked (100 % is one core; of processes only the parent).`,
        columns: ['', 'CPU'],
        rows,
        samples: [],
      },
    ]
  },
}
