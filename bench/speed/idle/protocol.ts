import { type Program, describeProgram } from '../program.ts'

export interface IdleInput {
  /** A pool by the name of the table, or `none`. */
  readonly name: string
  readonly workers: number
  readonly watchMs: number
}

export interface IdleResult {
  /** CPU time while it was watched, of the program and its processes. */
  readonly cpuMs: number
  /** Only on Linux. */
  readonly memoryMb?: number
}

export const NONE = 'none'
export const BARE = 'bare worker_threads'

export const idleProgram: Program<IdleInput, IdleResult> = describeProgram(new URL('./program.ts', import.meta.url))
