import fc from 'fast-check'

/** An object with state that structured clone leaves behind. */
class Point {
  readonly x: unknown
  readonly #secret = 1

  constructor(x: unknown) {
    this.x = x
  }

  sum(): number {
    return this.#secret
  }
}

class NamedError extends Error {
  override readonly name = 'NamedError'
  readonly code = 'E_NAMED'
}

/** Any string that JavaScript can hold, halves of surrogate pairs included. */
const anyString = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), { maxLength: 8 })
  .map((units) => String.fromCharCode(...units))

const anyKey = fc.oneof(
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'length', 'then', '0', '-0', '01', '1e3', 'ü', 'a b'),
  anyString,
)

const anyError = fc.tuple(fc.nat(5), anyString).map(([kind, message]) => {
  if (kind === 0) return new Error(message, { cause: { message } })
  if (kind === 1) return new RangeError(message)
  if (kind === 2) return new NamedError(message)
  if (kind === 3) return Object.assign(new TypeError(message), { code: 'E_OWN', rows: [1] })
  if (kind === 4) return new AggregateError([new Error(message)], message)
  return new EvalError(message, { cause: new URIError(message, { cause: -0 }) })
})

type ViewMaker = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView
const viewMakers: readonly ViewMaker[] = [Uint8Array, Int16Array, Float64Array, BigInt64Array, DataView]

/** Views into the middle of a buffer, with foreign bytes on both sides. */
const anyView = fc
  .tuple(fc.nat(viewMakers.length - 1), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([maker, bytes]) => {
    const View = viewMakers[maker]!
    return new View(bytes.slice().buffer, 8, 2)
  })

const anyExotic = fc.oneof(
  anyString,
  anyError,
  anyView,
  anyString.map((text) => Buffer.from(text)),
  fc.uint8Array().map((bytes) => bytes.slice().buffer),
  fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 0n, -(2n ** 70n), 2n ** 64n, undefined, null),
  fc.constantFrom(/a(b)?/giu, /\//y, new Date(Number.NaN), new Date(-1), Object(1n), Object('boxed'), Object(false)),
)

const anyPlain = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
  maxDepth: 3,
})

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
}

/** Puts the values into containers of all kinds, then draws lines between these: shared parts and cycles. */
function tie(
  leaves: readonly unknown[],
  keys: readonly string[],
  lines: readonly (readonly [number, number])[],
): unknown {
  const [first, second, ...others] = leaves
  const sparse = new Array<unknown>(9)
  sparse[0] = first
  sparse[2] = second
  const nodes = [
    {},
    sparse,
    new Map<unknown, unknown>(),
    new Set<unknown>(),
    Object.create(null) as object,
    new Point(first),
  ]
  for (const [from, to] of [[0, 1], ...lines] as const) {
    const source = nodes[from % nodes.length]!
    const target = nodes[to % nodes.length]!
    if (source instanceof Map) source.set(target, first).set(keys[0], target)
    else if (source instanceof Set) source.add(target)
    else define(source, keys[to % keys.length]!, target)
  }
  for (const [index, value] of others.entries()) define(nodes[0]!, keys[index % keys.length]!, value)
  return { nodes, twice: [nodes[1], nodes[1]] }
}

/** Values that structured clone accepts, of every kind that it knows and that lives in no one process only. */
export const cloneableValue: fc.Arbitrary<unknown> = fc.oneof(
  anyExotic,
  anyPlain,
  fc
    .tuple(
      fc.array(fc.oneof(anyExotic, anyPlain), { minLength: 2, maxLength: 5 }),
      fc.array(
        anyKey.filter((key) => key !== 'length'),
        { minLength: 3, maxLength: 5 },
      ),
      fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 8 }),
    )
    .map(([leaves, keys, lines]) => tie(leaves, keys, lines)),
)
