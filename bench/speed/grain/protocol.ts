import { describeProgram, type Program } from '../program.ts'
import type { Run } from '../question.ts'
import type { KindName } from './kinds.ts'

/** One kind of items at one cost. */
export interface GrainInput {
  readonly run: Run
  readonly kind: KindName
  readonly costUs: number
  /** Rounds of arithmetic that take as long, here and in Python. */
  readonly rounds: number
  readonly pythonRounds: number
}

export interface GrainSeries {
  readonly name: string
  /** What an item costs in the plain loop, µs, in each round. */
  readonly plainUs: readonly number[]
  readonly efficiency: readonly number[]
}

export interface GrainResult {
  readonly series: readonly GrainSeries[]
  /** CPU time of the program and its processes while all pools were open and idle, % of a core. */
  readonly idlePercent: number
}

export const grainProgram: Program<GrainInput, GrainResult> = describeProgram(new URL('./program.ts', import.meta.url))
