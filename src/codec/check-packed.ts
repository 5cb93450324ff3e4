import { countPacked } from './count-packed.ts'
import { IS_VALUE, MAX_KEYS, type Packed } from './packed.ts'

/** Listing the members of a column costs more than going through it; a shorter one does no harm, whatever is in it. */
const UNCOUNTED_LENGTH = 10_000

/** Checks what came from a worker, which may be broken or hostile: `unpack` is safe after this. */
export function isPacked(value: unknown): value is Packed {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'kind')) return false
  const packed = value as Partial<
    Record<'kind' | 'data' | 'blanks' | 'dense' | 'lengths' | 'text' | 'length' | 'keys' | 'columns', unknown>
  >
  switch (packed.kind) {
    case 'integers':
      return isBlock(packed.data, Int32Array)
    case 'doubles':
      return isBlock(packed.data, Float64Array)
    case 'booleans':
      return isBlock(packed.data, Uint8Array)
    case 'strings':
      return isBlock(packed.lengths, Uint8Array) && typeof packed.text === 'string'
    case 'sparse':
      return areSparse(packed.blanks, packed.dense)
    case 'rows':
      return areRows(packed.length, packed.keys, packed.columns)
    default:
      return false
  }
}

/** Memory that the sender shares could still change, and grow, after it was checked. */
function isBlock<T extends ArrayBufferView>(value: unknown, type: new (length: number) => T): value is T {
  return value instanceof type && value.buffer instanceof ArrayBuffer
}

function areSparse(blanks: unknown, dense: unknown): boolean {
  if (!isBlock(blanks, Uint8Array) || !isPacked(dense) || dense.kind === 'rows' || dense.kind === 'sparse') return false
  let values = 0
  for (let i = 0; i < blanks.length; i++) if (blanks[i] === IS_VALUE) values += 1
  return values === countPacked(dense)
}

function areRows(length: unknown, keys: unknown, columns: unknown): boolean {
  if (!Array.isArray(keys) || !Array.isArray(columns) || keys.length !== columns.length) return false
  if (keys.length === 0 || keys.length > MAX_KEYS) return false
  if (!keys.every((key) => typeof key === 'string' && key !== '__proto__')) return false
  return columns.every((column: unknown) => {
    if (!Array.isArray(column)) return isPacked(column) && column.kind !== 'rows' && countPacked(column) === length
    // A few bytes can make an array of any length without members.
    if (column.length !== length) return false
    return length <= UNCOUNTED_LENGTH || Object.keys(column).length >= length
  })
}
