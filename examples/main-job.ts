// What does eisenmp do? Two jobs of its predecessor, on all cores: a letter puzzle and the average of a large table.
//   npm start
import { availableParallelism } from 'node:os'
import { styleText } from 'node:util'
import { solvePuzzles } from './letter-puzzle.ts'
import { countWorkers } from './lib/comparison.ts'
import { remarkOnCores } from './lib/comparison-chart.ts'
import type { JobOptions } from './lib/job-options.ts'
import { formatNote, wrap } from './lib/layout.ts'
import { runProgram } from './lib/program.ts'
import { averageTable } from './table-average.ts'

async function runMainJob(options: JobOptions): Promise<string> {
  const start = performance.now()
  introduce(options)
  const puzzles = await solvePuzzles(options)
  console.log()
  const table = await averageTable(options)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  return `Done in ${seconds} s: ${puzzles}, ${table}`
}

function introduce({ quick, workers }: JobOptions): void {
  const ways =
    workers === 1 ? 'with 1 worker and with no pool' : `with ${countWorkers(workers)}, with 1, and with no pool`
  const time = quick ? 'a few seconds' : 'about half a minute on two free cores'
  console.log(styleText('bold', 'eisenmp maps streams over every core of a machine.'))
  console.log(wrap(`Two jobs run now, each ${ways}: ${time}. Ctrl-C ends them; --help tells more.`, 0))
  console.log(`Node ${process.version}, ${availableParallelism()} cores`)
  const remark = remarkOnCores(workers)
  if (remark !== undefined) console.log(formatNote(remark, 0))
  console.log()
}

await runProgram({
  summary: 'Solves letter puzzles and computes figures of a large table, with one worker and with all.',
  flags: ['quick', 'workers', 'letters', 'help'],
  run: runMainJob,
})
