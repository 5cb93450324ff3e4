import { availableParallelism } from 'node:os'
import { parseJobOptions, UsageError } from './job-options.ts'

/** How many workers `--workers` asks for. A wrong command line ends the program with 2, before it has begun. */
export function readWorkers(otherwise: number = availableParallelism()): number {
  const args = process.argv.slice(2)
  try {
    return parseJobOptions(args.length > 0 ? args : ['--workers', String(otherwise)], ['workers']).workers
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    return process.exit(2)
  }
}
