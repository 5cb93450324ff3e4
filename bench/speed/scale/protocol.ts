import { type Program, describeProgram } from '../program.ts'

/** One stream through one pool. */
export interface ScaleInput {
  readonly way: 'range' | 'generator'
  readonly items: number
  readonly workers: number
  /** Rounds of arithmetic for each item; without, only whether it is even is asked. */
  readonly rounds?: number
}

export interface ScaleResult {
  readonly ms: number
  /** The same in a plain loop; only with rounds. */
  readonly plainMs?: number
  /** The most memory that the program ever had. */
  readonly peakMb: number
}

export const scaleProgram: Program<ScaleInput, ScaleResult> = describeProgram(new URL('./program.ts', import.meta.url))
