import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { fileURLToPath } from 'node:url'

/** A table in a Parquet file: its row groups can be read each on its own. */
export type FlightTable = { name: string; rows: number; groups: RowGroup[]; remarks: string[] }

/** One column of one row group: rows `rowStart` (inclusive) to `rowEnd` (exclusive). */
export type RowGroup = { file: string; column: string; rowStart: number; rowEnd: number }

/**
 * Finds the table of 3,000,000 flights, or with `quick` the small one of this folder, and its row groups.
 *
 * Without the package `vega-datasets` it is the small one as well, with a remark that says so.
 */
export async function openFlights(column: string, quick: boolean): Promise<FlightTable> {
  const large = quick ? undefined : findLargeTable()
  const file = fileURLToPath(large ?? new URL('../data/flights-small.parquet', import.meta.url))
  const { metadata } = await openFile(file)
  const groups: RowGroup[] = []
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    groups.push({ file, column, rowStart, rowEnd })
    rowStart = rowEnd
  }
  const remarks = large || quick ? [] : ['flights-3m.parquet was not found: a small table instead. Run `npm install`.']
  return { name: large ? 'flights-3m.parquet' : 'flights-small.parquet', rows: rowStart, groups, remarks }
}

/** Reads the whole numbers of one column of one row group; empty fields are left out. */
export async function readColumn({ file, column, rowStart, rowEnd }: RowGroup): Promise<number[]> {
  const values: number[] = []
  await parquetRead({
    ...(await openFile(file)),
    compressors,
    columns: [column],
    rowStart,
    rowEnd,
    onChunk({ columnData }) {
      for (const value of columnData) if (value !== null && value !== undefined) values.push(Number(value))
    },
  })
  return values
}

type OpenFile = { file: AsyncBuffer; metadata: FileMetaData }

const openFiles = new Map<string, Promise<OpenFile>>()

/** Reads the table of contents once in each thread. */
function openFile(path: string): Promise<OpenFile> {
  const known = openFiles.get(path)
  if (known) return known
  const opened = asyncBufferFromFile(path).then(async (file) => ({ file, metadata: await parquetMetadataAsync(file) }))
  openFiles.set(path, opened)
  return opened
}

function findLargeTable(): URL | undefined {
  try {
    return new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))
  } catch {
    return undefined
  }
}
