// What does eisenmp do? Two jobs of its predecessor, on all cores: a letter puzzle and the average of a large table.
//   npm start
import { availableParallelism } from 'node:os'
import { styleText } from 'node:util'
import { solvePuzzles } from './letter-puzzle.ts'
import type { JobOptions } from './lib/job-options.ts'
import { runProgram } from './lib/program.ts'
import { averageTable } from './table-average.ts'

async function runMainJob(options: JobOptions): Promise<void> {
  const start = performance.now()
  console.log(`Node ${process.version}, ${availableParallelism()} cores, ${options.workers} workers\n`)
  console.log(styleText('bold', 'Letter puzzle'))
  const puzzles = await solvePuzzles(options)
  console.log(`\n${styleText('bold', 'Table')}`)
  const table = await averageTable(options)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`\nDone in ${seconds} s: ${puzzles}; ${table}`)
}

await runProgram({
  summary: 'Solves letter puzzles and computes figures of a large table, with one worker and with all.',
  flags: ['quick', 'workers', 'letters', 'help'],
  run: runMainJob,
})
