import { packColumn } from './pack-column.ts'
import { MAX_KEYS, type PackedValues } from './packed.ts'

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Packs plain objects of one shape; gives the same array when they are not. */
export function packRows(values: readonly unknown[], first: object): PackedValues {
  const keys = isPlain(first) ? Object.keys(first) : []
  if (keys.length === 0 || keys.length > MAX_KEYS || keys.includes('__proto__')) return values
  const columns = keys.map(() => new Array<unknown>(values.length))
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (!isPlain(value) || !takeRow(value, row, keys, columns)) return values
  }
  return { kind: 'rows', length: values.length, keys, columns: columns.map(packColumn) }
}

/** Puts a row into the columns. `false` when it has other keys, or a member that could be shared with another one. */
function takeRow(value: Record<string, unknown>, row: number, keys: readonly string[], columns: unknown[][]): boolean {
  let at = 0
  for (const key in value) {
    if (key !== keys[at]) return false
    const member = value[key]
    if (typeof member === 'object' && member !== null) return false
    columns[at++]![row] = member
  }
  return at === keys.length
}
