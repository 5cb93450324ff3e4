import { EisenmpError } from '../errors.ts'
import { findClosestName } from '../internal/closest-name.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { type OptionTable, checkOptions, showValue } from '../options.ts'
import type { CsvFormat, TextFileSpec } from '../protocol/indexed-spec.ts'
import { IndexedSource } from '../stream/indexed-source.ts'
import { CsvReader, findRecordEnd } from './csv-reader.ts'
import { splitRecord } from './csv-record.ts'
import { QuoteTracer } from './quote-tracer.ts'
import { BLOCK_BYTES, TextFile, TextPiece, describeFile } from './text-file.ts'

/** Options of {@link csv} that tell how the file is written. */
export interface CsvFileOptions {
  /**
   * Whether the first record names the columns; or their names, when it does not. Without names they are `'0'`, `'1'` …
   *
   * @defaultValue `true`
   */
  readonly header?: boolean | readonly string[]
  /**
   * One character between two fields.
   *
   * @defaultValue `','`
   */
  readonly delimiter?: string
  /**
   * Whether `"` quotes fields; in a quoted one `""` stands for `"`, and it may hold delimiters and ends of lines.
   *
   * @defaultValue `true`
   */
  readonly quotes?: boolean
}

/** Items are the values of one column, by name, or by position from 0. */
export interface CsvColumnOptions extends CsvFileOptions {
  /** Its name or position. */
  readonly column: string | number
}

/** Items are records. */
export interface CsvColumnsOptions<Name extends string> extends CsvFileOptions {
  /**
   * The columns of a record.
   *
   * @defaultValue all
   */
  readonly columns?: readonly Name[]
}

const table: OptionTable = {
  column: {
    expected: 'the name of a column, or its position from 0',
    accepts: (value) => typeof value === 'string' || (Number.isSafeInteger(value) && (value as number) >= 0),
  },
  columns: { expected: 'an array of names of columns', accepts: isNames },
  header: {
    expected: 'true, false or an array of names',
    accepts: (value) => typeof value === 'boolean' || isNames(value),
  },
  delimiter: {
    expected: 'one character, no quote and no end of line',
    accepts: (value) => typeof value === 'string' && value.length === 1 && !'"\r\n'.includes(value),
  },
  quotes: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
}

type AnyOptions = CsvFileOptions & { readonly column?: string | number; readonly columns?: readonly string[] }

/** The first record, and where the next one begins. */
function readFirst(spec: TextFileSpec, delimiter: string, quotes: boolean): { fields: string[]; next: number } {
  const file = new TextFile(spec)
  try {
    const piece = new TextPiece(file, 0, BLOCK_BYTES)
    const end = findRecordEnd(piece, 0, quotes)
    const text = piece.slice(0, end).replace(end < file.size ? /\r$/ : /$^/, '')
    return { fields: text === '' ? [] : splitRecord(text, { delimiter, quotes }), next: Math.min(end + 1, file.size) }
  } finally {
    file.close()
  }
}

function findColumn(names: readonly string[], wanted: string | number): number {
  const position = typeof wanted === 'number' ? wanted : names.indexOf(wanted)
  if (position >= 0 && position < names.length) return position
  const closest = typeof wanted === 'string' ? findClosestName(wanted, names) : undefined
  const known = `there are ${names.slice(0, 20).map(showValue).join(', ')}`
  const hint = closest === undefined ? known : `did you mean '${closest}'?`
  throw new EisenmpError('ERR_EISENMP_OPTION', `Cannot find column ${showValue(wanted)} for csv(); ${hint}`)
}

function readFormat(spec: TextFileSpec, options: AnyOptions): CsvFormat {
  const { column, columns, header = true, delimiter = ',', quotes = true } = options
  const { fields, next } = readFirst(spec, delimiter, quotes)
  const names = header === true ? fields : header === false ? fields.map((_, i) => String(i)) : header
  if (names.includes('__proto__')) {
    throw new EisenmpError(
      'ERR_EISENMP_OPTION',
      "Cannot use '__proto__' as the name of a column; give other names in header",
    )
  }
  const picked = (columns ?? names).map((name) => [name, findColumn(names, name)] as const)
  const pick = column === undefined ? picked : findColumn(names, column)
  return { delimiter, quotes, start: header === true ? next : 0, width: names.length, pick }
}

/**
 * The records of a CSV file (RFC 4180), or the values of one column, which the workers read themselves, each its own
 * stretches of the file.
 *
 * Values are strings. Records end with `\n` or `\r\n`; empty lines are no records. A record with another number of fields
 * than the first, or with a quote where none may be, is an item that fails with `ERR_EISENMP_SOURCE`. Index, length,
 * progress and `chunk` count bytes: the index of a record is the place of its first byte. A file that changes while it is
 * read fails.
 *
 * @param file - Path, relative to the working directory, or `file:` URL; in UTF-8.
 * @param options - `column` for the values of one column, `columns` for records of some; else records of all. See also
 * {@link CsvFileOptions}.
 * @throws {@link EisenmpError} `ERR_EISENMP_SOURCE` when there is no such file, `ERR_EISENMP_OPTION` for a wrong option or
 * a column that does not exist.
 *
 * @example
 * ```ts
 * // file: flights.worker.ts
 * export const toMinutes = (delay: string): number => Number(delay)
 * export const add = (a: number, b: number): number => a + b
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { writeFileSync } from 'node:fs'
 * import { createPool, csv } from 'eisenmp'
 * import type * as Flights from './flights.worker.ts'
 *
 * writeFileSync('flights.csv', 'from,to,delay\nOSL,"Paris, CDG",5\nTXL,MUC,-3\n')
 * const pool = await createPool<typeof Flights>({ modules: new URL('./flights.worker.ts', import.meta.url), workers: 2 })
 * assert.equal(await pool.from(csv('flights.csv', { column: 'delay' })).map('toMinutes').reduce('add', 0), 2)
 * assert.deepEqual([...csv('flights.csv', { columns: ['to'] })], [{ to: 'Paris, CDG' }, { to: 'MUC' }])
 * await pool.close()
 * ```
 */
export function csv(file: string | URL, options: CsvColumnOptions): IndexedSource<string>
/** Records; see above. */
export function csv<Name extends string = string>(
  file: string | URL,
  options?: CsvColumnsOptions<Name>,
): IndexedSource<Record<Name, string>>
export function csv(file: string | URL, options: AnyOptions = {}): IndexedSource<unknown> {
  const checked = checkOptions('csv()', options, table) as AnyOptions
  if (checked.column !== undefined && checked.columns !== undefined) {
    throw new EisenmpError(
      'ERR_EISENMP_OPTION',
      "Cannot use 'column' and 'columns' of csv() together; give one of them",
    )
  }
  const described = describeFile(file)
  const spec = { kind: 'csv', file: described, format: tryFormat(described, checked) } as const
  return new IndexedSource({
    spec,
    length: described.size,
    open: () => new CsvReader(spec),
    trace: () => new QuoteTracer(spec.file, spec.format),
  })
}

function tryFormat(spec: TextFileSpec, options: AnyOptions): CsvFormat {
  try {
    return readFormat(spec, options)
  } catch (error) {
    if (EisenmpError.is(error)) throw error
    const text = `Cannot read the first record of ${spec.path}: ${summarizeThrown(error)}`
    throw new EisenmpError('ERR_EISENMP_SOURCE', text, { cause: error })
  }
}
