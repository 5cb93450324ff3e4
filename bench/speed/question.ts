/** How much is measured. */
export interface Extent {
  readonly name: 'smoke' | 'quick' | 'full'
  /** Interleaved rounds: every contender is measured once in each. */
  readonly rounds: number
  /** Time of one measurement, about. */
  readonly cellMs: number
}

export const extents: Readonly<Record<Extent['name'], Extent>> = {
  smoke: { name: 'smoke', rounds: 1, cellMs: 10 },
  quick: { name: 'quick', rounds: 3, cellMs: 200 },
  full: { name: 'full', rounds: 7, cellMs: 500 },
}

/** A table of the page, and perhaps a plot. */
export interface Answer {
  readonly title: string
  /** What was measured and how, in a sentence or two. */
  readonly how: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly plot?: Plot
}

export interface Plot {
  readonly file: string
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[]
}

/** One thing that we want to know. Throws when a result is wrong; a time is never wrong. */
export interface Question {
  readonly name: string
  ask(extent: Extent, hasPeers: boolean): Promise<readonly Answer[]>
}

export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`wrong result of ${what}: ${String(actual)} instead of ${String(expected)}`)
}

export function format(value: number | undefined): string {
  if (value === undefined) return '–'
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}
