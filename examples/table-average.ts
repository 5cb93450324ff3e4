// What are the average, the extremes and the quantiles of a column of a large table? Each worker reads whole row
// groups and counts how often each value occurs; the counts are added here, so that every figure is exact.
//   node examples/table-average.ts
import { createPool } from 'eisenmp'
import { collectChunks, compareWays, formatComparisons } from './lib/comparison.ts'
import { openFlights, readColumn } from './lib/flights.ts'
import type { JobOptions } from './lib/job-options.ts'
import { runProgram } from './lib/program.ts'
import { countOccurrences, describeCounts, mergeCounts } from './lib/value-counts.ts'
import type * as Table from './table-average.worker.ts'

const MODULES = new URL('./table-average.worker.ts', import.meta.url)
const COLUMN = 'delay'
const PERCENTS = [1, 25, 50, 75, 99]

/** Computes the figures of the column; prints them and how long it took; returns its last line. */
export async function averageTable({ quick, workers }: JobOptions): Promise<string> {
  const { name, rows, groups, remarks } = await openFlights(COLUMN, quick)
  console.log(`  ${name}: ${rows.toLocaleString('en-US')} rows in ${groups.length} row groups, column ${COLUMN}`)
  for (const remark of remarks) console.log(`  ${remark}`)

  const comparison = await compareWays({
    label: 'rows decoded and counted',
    workers,
    pooled: async (count, label) => {
      const pool = await createPool<typeof Table>({ modules: MODULES, workers: count })
      try {
        return await collectChunks(pool, pool.from(groups, { chunk: 1 }).map('countValues').chunks(), label)
      } finally {
        await pool.close()
      }
    },
    plain: async () => {
      const counts = []
      for (const group of groups) counts.push(countOccurrences(await readColumn(group)))
      return counts
    },
  })

  const figures = describeCounts(mergeCounts(comparison.results), PERCENTS)
  console.log(`\n  average ${figures.average.toFixed(4)}  minimum ${figures.minimum}  maximum ${figures.maximum}`)
  const quantiles = figures.quantiles.map(({ percent, value }) => `${percent} %: ${value}`)
  console.log(`  quantiles  ${quantiles.join('  ')}\n`)
  console.log(formatComparisons([comparison]))
  return `average ${COLUMN} of ${figures.count.toLocaleString('en-US')} flights: ${figures.average.toFixed(4)} minutes`
}

export const tableAverage = {
  summary: 'Computes average, extremes and quantiles of a column of 3,000,000 rows, on all cores.',
  flags: ['quick', 'workers', 'help'],
  run: async (options: JobOptions) => console.log(await averageTable(options)),
} as const

if (import.meta.main) await runProgram(tableAverage)
