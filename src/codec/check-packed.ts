import { countPacked } from './count-packed.ts'
import { type Dense, IS_VALUE, MAX_KEYS, MAX_NESTING, MAX_STRING, type Packed } from './packed.ts'
import { findViewClass } from './view-classes.ts'

/**
 * Memory that was met: a reference costs a few bytes, so the same memory in a thousand places would make values that
 * were never sent.
 */
type Met = Set<object>

type Fields = Partial<
  Record<'kind' | 'data' | 'blanks' | 'dense' | 'lengths' | 'text' | 'length' | 'keys' | 'columns', unknown>
>

/** Checks what came from a worker, which may be broken or hostile: `unpack` is safe after this. */
export function isPacked(value: unknown): value is Packed {
  return isSound(value, new Set(), 0)
}

function isSound(value: unknown, met: Met, depth: number): value is Packed {
  if (!hasKind(value)) return false
  switch (value.kind) {
    case 'sparse':
      return areSparse(value, met)
    case 'views':
      return areViews(value, met)
    case 'rows':
      return depth <= MAX_NESTING && areRows(value, met, depth)
    default:
      return isDense(value, met)
  }
}

function hasKind(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'kind')
}

function isDense(value: Fields, met: Met): value is Dense {
  switch (value.kind) {
    case 'integers':
      return isBlock(value.data, Int32Array, met)
    case 'doubles':
    case 'dates':
      return isBlock(value.data, Float64Array, met)
    case 'booleans':
      return isBlock(value.data, Uint8Array, met)
    case 'strings':
      return areStrings(value, met)
    default:
      return false
  }
}

/** Memory that the sender shares could still change, and grow, after it was checked. */
function isBlock<T extends ArrayBufferView>(value: unknown, type: new (length: number) => T, met: Met): value is T {
  return value instanceof type && value.buffer instanceof ArrayBuffer && isNew(value.buffer, met)
}

function isNew(memory: object, met: Met): boolean {
  return met.size < met.add(memory).size
}

function areStrings({ lengths, text }: Fields, met: Met): boolean {
  if (!isBlock(lengths, Uint8Array, met) || typeof text !== 'string') return false
  let units = 0
  for (let i = 0; i < lengths.length; i++) {
    if (lengths[i]! > MAX_STRING) return false
    units += lengths[i]!
  }
  return units === text.length
}

function areSparse({ blanks, dense }: Fields, met: Met): boolean {
  if (!isBlock(blanks, Uint8Array, met) || !hasKind(dense) || !isDense(dense, met)) return false
  let values = 0
  for (let i = 0; i < blanks.length; i++) if (blanks[i] === IS_VALUE) values += 1
  return values === countPacked(dense)
}

function areViews({ lengths, data }: Fields, met: Met): boolean {
  const viewClass = findViewClass(data)
  if (viewClass === undefined || !isBlock(data, viewClass, met) || !isBlock(lengths, Uint32Array, met)) return false
  let length = 0
  for (let i = 0; i < lengths.length; i++) length += lengths[i]!
  return length === data.length
}

function areRows({ length, keys, columns }: Fields, met: Met, depth: number): boolean {
  if (!Array.isArray(keys) || !Array.isArray(columns) || keys.length !== columns.length) return false
  if (keys.length === 0 || keys.length > MAX_KEYS) return false
  for (let at = 0; at < keys.length; at++) {
    const key: unknown = keys[at]
    if (typeof key !== 'string' || key === '__proto__' || !isColumn(columns[at], length, met, depth)) return false
  }
  return true
}

function isColumn(column: unknown, length: unknown, met: Met, depth: number): boolean {
  if (!Array.isArray(column)) return isSound(column, met, depth + 1) && countPacked(column) === length
  return column.length === length && isNew(column, met) && isFull(column)
}

/** A few bytes can make an array of any length without members. */
function isFull(column: readonly unknown[]): boolean {
  for (let i = 0; i < column.length; i++) if (column[i] === undefined && !(i in column)) return false
  return true
}
