import fc from 'fast-check'

const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
)
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31)))
const primitive = fc.oneof(number, anyString, fc.boolean(), fc.constantFrom(null, undefined), fc.bigInt())
const row = fc.dictionary(fc.string({ maxLength: 3 }), primitive, { maxKeys: 3, noNullPrototype: true })
const sameRows = fc
  .uniqueArray(fc.oneof(fc.string(), fc.constantFrom('__proto__', '0', '10', 'constructor')), { maxLength: 5 })
  .chain((keys) =>
    fc.array(fc.tuple(...keys.map(() => primitive)), { minLength: 8, maxLength: 20 }).map((rows) => {
      return rows.map((members) => Object.fromEntries(members.map((member, i) => [keys[i]!, member])))
    }),
  )
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
  fc.array(primitive),
  fc.array(row, { minLength: 8 }),
  sameRows,
  fc.array(anything),
)
