// Where does flights-small.parquet come from? From here:
//   node examples/data/make-flights.ts
import { parquetWriteBuffer } from 'hyparquet-writer'
import { writeFile } from 'node:fs/promises'

const ROWS = 2000
const ROW_GROUP_ROWS = 400

/** Makes the delays of the small table, always the same; some fields are empty. */
export function makeDelays(): (number | null)[] {
  let seed = 42
  return Array.from({ length: ROWS }, (_, row) => {
    seed = (seed * 48271) % 2147483647
    const isLate = seed % 5 === 0
    return row % 97 === 96 ? null : (seed % 61) - 20 + (isLate ? seed % 240 : 0)
  })
}

/** Writes the small table as Parquet, in five row groups. */
export function makeFlights(): Uint8Array {
  const columnData = [{ name: 'delay', data: makeDelays(), type: 'INT32' as const, nullable: true }]
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: ROW_GROUP_ROWS }))
}

if (import.meta.main) await writeFile(new URL('./flights-small.parquet', import.meta.url), makeFlights())
