import { type Column, type Dense, IS_NULL, IS_UNDEFINED, MAX_STRING, type Sparse } from './packed.ts'

/** Packs primitive values of one type, or dates; gives the same array when they are not. */
export function packColumn(values: readonly unknown[]): Column {
  const dense = packDense(values)
  return dense === undefined ? (packSparse(values) ?? values) : dense
}

function packSparse(values: readonly unknown[]): Sparse | undefined {
  const blanks = new Uint8Array(values.length)
  const others: unknown[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === undefined) blanks[i] = IS_UNDEFINED
    else if (value === null) blanks[i] = IS_NULL
    // What is neither a blank nor like the first value that is none, ends it all.
    else if (others.push(value) > 1 && typeof value !== typeof others[0]) return undefined
  }
  if (others.length === 0 || others.length === values.length) return undefined
  const dense = packDense(others)
  return dense === undefined ? undefined : { kind: 'sparse', blanks, dense }
}

function packDense(values: readonly unknown[]): Dense | undefined {
  switch (typeof values[0]) {
    case 'number':
      return packNumbers(values)
    case 'boolean':
      return packBooleans(values)
    case 'string':
      return packStrings(values)
    case 'object':
      return packDates(values)
    default:
      return undefined
  }
}

function packNumbers(values: readonly unknown[]): Dense | undefined {
  const integers = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number') return undefined
    // `Object.is` keeps -0 apart, which an integer cannot be.
    if (!Object.is(value | 0, value)) return packDoubles(values, integers, i)
    integers[i] = value
  }
  return { kind: 'integers', data: integers }
}

function packDoubles(values: readonly unknown[], integers: Int32Array, from: number): Dense | undefined {
  const data = new Float64Array(values.length)
  for (let i = 0; i < from; i++) data[i] = integers[i]!
  for (let i = from; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number') return undefined
    data[i] = value
  }
  return { kind: 'doubles', data }
}

function packBooleans(values: readonly unknown[]): Dense | undefined {
  const data = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'boolean') return undefined
    if (value) data[i] = 1
  }
  return { kind: 'booleans', data }
}

function packStrings(values: readonly unknown[]): Dense | undefined {
  const lengths = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'string' || value.length > MAX_STRING) return undefined
    lengths[i] = value.length
  }
  return { kind: 'strings', lengths, text: values.join('') }
}

/** Whether structured clone makes a `Date` of it that is no more than its time. */
export function isDate(value: unknown): value is Date {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Date.prototype
}

function packDates(values: readonly unknown[]): Dense | undefined {
  if (!isDate(values[0])) return undefined
  const data = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!isDate(value)) return undefined
    data[i] = value.getTime()
  }
  return { kind: 'dates', data }
}
