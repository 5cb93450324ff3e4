import fc from 'fast-check'
import { snapshot } from '../../src/codec/snapshot.ts'

/** Values are packed as they were when they were given. */
export function toSnapshot(value: unknown): unknown {
  return snapshot(value, { root: 'item', portable: false }).value
}

const anyString = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 3 }) },
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
)
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31)))
const primitive = fc.oneof(number, anyString, fc.boolean(), fc.constantFrom(null, undefined), fc.bigInt())
const row = fc.dictionary(fc.string({ maxLength: 3 }), primitive, { maxKeys: 3, noNullPrototype: true })
const rowKey = fc.oneof(
  { weight: 30, arbitrary: fc.string({ maxLength: 3 }) },
  { weight: 10, arbitrary: fc.constantFrom('0', '10', 'constructor') },
  { weight: 1, arbitrary: fc.constant('__proto__') },
)

const viewMakers = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  Buffer,
] as const

/** Views into the middle of a buffer, some of one that can grow. */
const viewsOf = (maker: (typeof viewMakers)[number]): fc.Arbitrary<ArrayBufferView> => {
  return fc
    .tuple(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(4), fc.nat(200))
    .map(([bytes, length, kind]) => {
      const buffer = kind === 0 ? new ArrayBuffer(64, { maxByteLength: 128 }) : new ArrayBuffer(64)
      new Uint8Array(buffer).set(bytes)
      if (maker === Buffer) return Buffer.from(buffer, 8, length)
      const View = maker as typeof Uint8Array
      return kind === 1 ? new View(buffer) : new View(buffer, 16, length)
    })
}
const views = fc.constantFrom(...viewMakers).chain((maker) => fc.array(viewsOf(maker), { minLength: 8, maxLength: 12 }))

/** How one member of all rows is made. */
type Shape = fc.Arbitrary<unknown>
const leafShape: fc.Arbitrary<Shape> = fc.constantFrom<Shape[]>(
  fc.date(),
  fc.oneof(fc.date(), fc.constantFrom(null, undefined)),
  fc.oneof(fc.date(), fc.constantFrom(null, undefined)),
  number,
  fc.nat(100),
  anyString,
  fc.boolean(),
  primitive,
  fc.oneof(fc.boolean(), fc.constantFrom(undefined, null)),
  viewsOf(Float64Array),
  viewsOf(Buffer),
  fc.nat(100),
  fc.string({ maxLength: 12 }),
)

function rowShape(member: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  return fc
    .tuple(fc.uniqueArray(rowKey, { minLength: 1, maxLength: 3 }), fc.array(member, { minLength: 3, maxLength: 3 }))
    .map(([keys, members]) => {
      const made = fc.tuple(...keys.map((_, at) => members[at]!))
      return made.map((values) => Object.fromEntries(values.map((value, at) => [keys[at]!, value])))
    })
}

let nestedShape = rowShape(leafShape)
for (let level = 0; level < 5; level++) {
  nestedShape = rowShape(fc.oneof({ weight: 2, arbitrary: leafShape }, { weight: 1, arbitrary: nestedShape }))
}

/** Rows of one shape, with rows in them; in some, two members are one object, or lead back to the row. */
const nestedRows = fc
  .tuple(nestedShape, fc.constantFrom('', '', '', '', 'same', 'cycle', 'odd'))
  .chain(([shape, spoil]) => {
    return fc.array(shape, { minLength: 8, maxLength: 12 }).map((rows) => {
      return rows.map((given, index) => {
        const members = given as Record<string, unknown>
        if (spoil === 'same') return { first: given, members, last: members[Object.keys(members)[0]!] }
        if (spoil === 'odd' && index === 5) return { ...members, odd: true }
        if (spoil === 'cycle') return Object.assign(members, { back: index % 2 === 0 ? members : { members } })
        return members
      })
    })
  })

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
})

/** Chunks of values: mostly of one kind, with what spoils it. */
export const chunk: fc.Arbitrary<unknown[]> = fc.oneof(
  fc.array(number, { minLength: 8 }),
  fc.array(anyString, { minLength: 8 }),
  fc.array(fc.boolean(), { minLength: 8 }),
  fc
    .constantFrom<fc.Arbitrary<unknown>[]>(number, anyString, fc.boolean())
    .chain((kind) => fc.array(fc.oneof(kind, fc.constantFrom(null, undefined)), { minLength: 8 })),
  fc.array(fc.oneof(fc.date(), fc.constantFrom(null, undefined)), { minLength: 8 }),
  fc.array(primitive),
  fc.array(row, { minLength: 8 }),
  views,
  fc.array(fc.oneof(viewsOf(Uint8Array), viewsOf(Buffer)), { minLength: 8 }),
  { weight: 6, arbitrary: nestedRows },
  fc.array(anything),
)
