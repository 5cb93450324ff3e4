// What a worker does for the archive: it fetches one file of it, unpacks it, and adds up a column.
import type { Toolbox } from 'eisenmp'
import { readUrl } from './lib/read-http.ts'
import { readZipEntry } from './lib/zip-reader.ts'
import type { ZipEntry } from './lib/zip-reader.ts'

export type ArchiveConfig = { url: string; column: string }
export type Totals = { rows: number; sum: number }

export async function readTotals(entry: ZipEntry, { config, signal }: Toolbox<ArchiveConfig>): Promise<Totals> {
  const bytes = await readZipEntry(readUrl(config.url, signal), entry)
  const [head = '', ...records] = bytes.toString('utf8').trimEnd().split('\n')
  const column = splitRecord(head).indexOf(config.column)
  if (column < 0) throw new Error(`Cannot find the column ${config.column} in ${entry.name}: it has ${head}`)
  let sum = 0
  for (const record of records) sum += Number(splitRecord(record)[column])
  return { rows: records.length, sum }
}

export function addTotals(a: Totals, b: Totals): Totals {
  return { rows: a.rows + b.rows, sum: a.sum + b.sum }
}

/** A field may stand in quotes, and then hold commas. */
function splitRecord(record: string): string[] {
  return [...record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => {
    return quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')
  })
}
