import { type Program, describeProgram } from '../program.ts'

export const puzzleWays = [
  'one thread',
  'eisenmp, generator',
  'eisenmp, permutations()',
  'piscina, chunks by hand',
  'Python Pool.imap_unordered, chunksize by hand',
] as const
export type PuzzleWay = (typeof puzzleWays)[number]

export const flightsWays = [
  'one thread',
  'eisenmp, generator of lines',
  'eisenmp, csv()',
  'piscina, chunks by hand',
  'one thread, Parquet',
  'eisenmp, Parquet row groups',
] as const
export type FlightsWay = (typeof flightsWays)[number]

export type JobInput =
  | { readonly job: 'puzzle'; readonly way: PuzzleWay; readonly letters: string }
  | { readonly job: 'flights'; readonly way: FlightsWay; readonly file: string; readonly isSmall: boolean }

/** The whole job: from opening a pool, or from the first line of a plain loop, to the result. */
export interface JobResult {
  readonly ms: number
  readonly result: string
}

export const WORDS_VARIABLE = 'EISENMP_BENCH_WORDS'
/** Items of a chunk made by hand. */
export const HAND_MADE = 1000

export const jobProgram: Program<JobInput, JobResult> = describeProgram(new URL('./program.ts', import.meta.url))
