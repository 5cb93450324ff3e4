/** What an item is; `python_pools.py` makes the same ones. */
export interface Kind {
  make(i: number): unknown
  /** What the way through a pool and back costs at least, µs: no measurement is to take much longer than it should. */
  readonly wayUs: number
  /** As many items as a chunk made by hand has. */
  readonly handMade: number
}

const BUFFER_BYTES = 102_400

function makeBuffer(i: number): Uint8Array {
  const buffer = new Uint8Array(BUFFER_BYTES)
  buffer[0] = i
  return buffer
}

export const kinds = {
  numbers: { make: (i) => i, wayUs: 0.1, handMade: 1000 },
  'short strings': { make: (i) => `w${i % 10_000}`, wayUs: 0.3, handMade: 1000 },
  '100-byte strings': { make: (i) => String(i % 10_000).padStart(100, 'x'), wayUs: 0.6, handMade: 1000 },
  'small objects': { make: (i) => ({ id: i, name: `n${i % 100}`, ok: i % 2 === 0 }), wayUs: 1, handMade: 1000 },
  '100 KB buffers': { make: makeBuffer, wayUs: 60, handMade: 10 },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof kinds
