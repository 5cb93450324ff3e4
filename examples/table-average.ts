// What are the average, the extremes and the quantiles of a column of a large table? Each worker reads whole row
// groups and counts how often each value occurs; the counts are added here, so that every figure is exact.
//   node examples/table-average.ts
import { createPool } from 'eisenmp'
import { collectChunks, compareWays } from './lib/comparison.ts'
import { formatComparison } from './lib/comparison-chart.ts'
import { openFlights, readColumn } from './lib/flights.ts'
import { isProgram } from './lib/is-program.ts'
import type { JobOptions } from './lib/job-options.ts'
import { formatNote, formatPairs, formatTitle, wrap } from './lib/layout.ts'
import { runProgram } from './lib/program.ts'
import { countOccurrences, describeCounts, mergeCounts } from './lib/value-counts.ts'
import type { ColumnFigures, ValueCounts } from './lib/value-counts.ts'
import type * as Table from './table-average.worker.ts'

const MODULES = new URL('./table-average.worker.ts', import.meta.url)
const COLUMN = 'delay'
const PERCENTS = [1, 25, 50, 75, 99]

/** Computes the figures of the column; prints them and how long it took; returns its last line. */
export async function averageTable({ quick, workers }: JobOptions): Promise<string> {
  console.log(formatTitle('Table', 'By how many minutes were flights late?'))
  const { name, rows, groups, remarks } = await openFlights(COLUMN, quick)
  console.log(wrap(`${name}, column ${COLUMN}: ${rows.toLocaleString('en-US')} rows in ${groups.length} row groups`, 2))
  for (const remark of remarks) console.log(formatNote(remark))

  let figures: ColumnFigures | undefined
  const comparison = await compareWays({
    label: 'rows decoded and counted',
    workers,
    pooled: async (size, label) => {
      const pool = await createPool<typeof Table>({ modules: MODULES, workers: size })
      try {
        return await collectChunks(pool, pool.from(groups, { chunk: 1 }).map('countValues').chunks(), label)
      } finally {
        await pool.close()
      }
    },
    plain: async () => {
      const counts: ValueCounts[] = []
      for (const group of groups) counts.push(countOccurrences(await readColumn(group)))
      return counts
    },
    onResults: (counts) => {
      figures = describeCounts(mergeCounts(counts), PERCENTS)
      console.log(`\n${formatFigures(figures)}`)
    },
  })
  console.log(`\n${formatComparison(comparison)}`)
  return `average ${COLUMN} ${figures!.average.toFixed(4)} minutes`
}

function formatFigures({ average, minimum, maximum, quantiles }: ColumnFigures): string {
  return formatPairs(
    [
      ['average', average.toFixed(4)],
      ['extremes', `${minimum} to ${maximum}`],
      ...quantiles.map(({ percent, value }) => [`${percent} % at most`, String(value)] as const),
    ],
    4,
  )
}

if (isProgram(import.meta.url)) {
  await runProgram({
    summary: 'Computes average, extremes and quantiles of a column of 3,000,000 rows, on all cores.',
    flags: ['quick', 'workers', 'help'],
    run: averageTable,
  })
}
