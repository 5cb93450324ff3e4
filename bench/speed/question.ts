import { type Figure, summarize } from './figures.ts'

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
  full: { name: 'full', rounds: 5, cellMs: 250 },
}

/** What is there to be measured. */
export interface Run {
  readonly extent: Extent
  /** The other pools: packages of this folder. */
  readonly hasPeers: boolean
  /** `python3` and its pools. */
  readonly hasPython: boolean
}

/** All measurements of one thing, one for each round. */
export interface Sample {
  readonly of: string
  readonly unit: string
  readonly values: readonly number[]
}

/** A table of the page, and perhaps a plot. */
export interface Answer {
  /** Not needed by the only answer to a question. */
  readonly title?: string
  readonly how?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly plot?: Plot
  readonly samples: readonly Sample[]
}

export interface Axis {
  readonly label: string
  readonly isLogarithmic: boolean
  /** A value with a line of its own. */
  readonly mark?: number
}

export interface Plot {
  /** The name of its question, a hyphen and more. */
  readonly file: string
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[]
}

/** One thing that we want to know. Throws when a result is wrong; a time is never wrong. */
export interface Question {
  readonly name: string
  readonly title: string
  /** What is asked of whom, and how; for the page. */
  readonly about: string
  ask(run: Run): Promise<readonly Answer[]>
}

export function checkEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`wrong result of ${what}: ${String(actual)} instead of ${String(expected)}`)
}

export function format(value: number | undefined): string {
  if (value === undefined) return '–'
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}

/** The median and, where they differ when written, the least and the greatest. */
export function formatFigure({ median, min, max }: Figure, unit = ''): string {
  const [low, high] = [format(min), format(max)]
  return low === high ? `${format(median)}${unit}` : `${format(median)}${unit} (${low}–${high})`
}

export function formatSamples(samples: readonly number[], unit = ''): string {
  return formatFigure(summarize(samples), unit)
}
