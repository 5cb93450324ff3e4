import { isDate, packColumn } from './pack-column.ts'
import { packViews } from './pack-views.ts'
import { type Column, MAX_KEYS, MAX_NESTING, type PackedValues, type Rows } from './packed.ts'

/** More objects than this in a row are not worth comparing with each other. */
const MAX_OBJECTS = 16

type Plain = Record<string, unknown>

/** Packs plain objects of one shape; gives the same array when they are not. */
export function packRows(values: readonly unknown[], first: object): PackedValues {
  // Most that cannot be packed shows in the first row, at next to no cost.
  if (countObjects(first, 0) > MAX_OBJECTS) return values
  return packShape(values, first as Plain, [values]) ?? values
}

/** Objects in a row, itself included; infinite when there is one that no column can hold. */
function countObjects(value: object, depth: number): number {
  if (ArrayBuffer.isView(value) || isDate(value)) return 1
  if (depth > MAX_NESTING || !isPlain(value)) return Infinity
  let objects = 1
  for (const key in value) {
    const member = value[key]
    if (isObject(member)) objects += countObjects(member, depth + 1)
    if (objects > MAX_OBJECTS) return Infinity
  }
  return objects
}

/** `met` has the objects of all columns so far: one that a row has in two places would arrive as two. */
function packShape(values: readonly unknown[], first: Plain, met: (readonly unknown[])[]): Rows | undefined {
  const keys = Object.keys(first)
  if (keys.length === 0 || keys.length > MAX_KEYS || keys.includes('__proto__')) return undefined
  const members = keys.map(() => new Array<unknown>(values.length))
  const holdsObjects = keys.map((key) => isObject(first[key]))
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (!isPlain(value) || !takeRow(value, row, keys, members, holdsObjects)) return undefined
  }
  const columns: Column[] = []
  for (let at = 0; at < keys.length; at++) {
    const column = holdsObjects[at]! ? packObjects(members[at]!, met) : packColumn(members[at]!)
    if (column === undefined) return undefined
    columns.push(column)
  }
  return { kind: 'rows', length: values.length, keys, columns }
}

/** Puts a row into the columns. `false` when it has other keys, or an object where the first row has none. */
function takeRow(
  value: Plain,
  row: number,
  keys: readonly string[],
  members: unknown[][],
  holdsObjects: boolean[],
): boolean {
  let at = 0
  for (const key in value) {
    if (key !== keys[at]) return false
    const member = value[key]
    if (isObject(member) && !holdsObjects[at]!) {
      // Blanks may stand before dates; of other objects, the first row has told that they do not go too deep.
      if (!isDate(member)) return false
      holdsObjects[at] = true
    }
    members[at++]![row] = member
  }
  return at === keys.length
}

function packObjects(members: readonly unknown[], met: (readonly unknown[])[]): Column | undefined {
  const first = members.find(isObject)!
  const areViews = ArrayBuffer.isView(first)
  // Views of one buffer share it, whatever else differs.
  const objects = areViews ? members.map((member) => (member as ArrayBufferView | null)?.buffer) : members
  for (const others of met) if (isAnySame(objects, others)) return undefined
  met.push(objects)
  if (areViews) return packViews(members)
  return isDate(first) ? packDates(members) : packShape(members, first as Plain, met)
}

/** In a column of its own, a part that is also in another one would arrive as two. */
function packDates(members: readonly unknown[]): Column | undefined {
  const column = packColumn(members)
  return Array.isArray(column) ? undefined : column
}

function isAnySame(some: readonly unknown[], others: readonly unknown[]): boolean {
  for (let row = 0; row < some.length; row++) if (some[row] === others[row] && !isBlank(some[row])) return true
  return false
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isPlain(value: unknown): value is Plain {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype
}
