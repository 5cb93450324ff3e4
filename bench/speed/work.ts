/** Rounds of arithmetic for each item; a pool's workers inherit it. */
const rounds = Number(process.env['EISENMP_BENCH_ROUNDS'] ?? 0)

function seed(item: unknown): number {
  if (typeof item === 'number') return item
  if (typeof item === 'string') return item.length * 31 + item.charCodeAt(item.length - 1)
  if (item instanceof Uint8Array) return item.length + item[0]!
  return (item as { id: number }).id
}

/** Bits only (xorshift, Marsaglia 2003): whole numbers that may overflow are fast or slow by how V8 has seen them before. */
export function churn(start: number, times: number): number {
  let x = start | 1
  for (let i = 0; i < times; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x & 0xffff
}

/** An item of a given cost. */
export function workFor(item: unknown, times: number): number {
  return churn(seed(item), times)
}

/** An item that costs what was asked for. */
export function work(item: unknown, _toolbox?: unknown): number {
  return workFor(item, rounds)
}

/** A hand-made chunk of them. */
export function workMany(items: readonly unknown[]): number[] {
  return items.map((item) => work(item))
}

export function add(a: number, b: number): number {
  return a + b
}

export function isEven(n: number): boolean {
  return n % 2 === 0
}

/** Takes a buffer and gives next to nothing. */
export function takeBuffer(buffer: Uint8Array): number {
  return buffer.length
}

/** Takes next to nothing and gives a buffer. */
export function giveBuffer(bytes: number): Uint8Array {
  return new Uint8Array(bytes)
}
