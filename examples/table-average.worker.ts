// What a worker does for the table: it reads one column of one row group and counts its values.
import { readColumn } from './lib/flights.ts'
import type { RowGroup } from './lib/flights.ts'
import { countOccurrences } from './lib/value-counts.ts'
import type { ValueCounts } from './lib/value-counts.ts'

export async function countValues(group: RowGroup): Promise<ValueCounts> {
  return countOccurrences(await readColumn(group))
}
