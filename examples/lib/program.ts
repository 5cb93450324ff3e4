import { formatHelp, parseJobOptions, UsageError } from './job-options.ts'
import type { JobOptions } from './job-options.ts'
import { formatNote } from './layout.ts'
import { BUSY_MACHINE, watchOthers } from './machine-use.ts'

/** A job that can be started from the command line. */
export type Program = {
  /** One line for `--help`. */
  summary: string
  flags: readonly (keyof JobOptions)[]
  /** How many there are without `--workers`; else one for each core. */
  workers?: number
  /** Returns the last line to print. */
  run(options: JobOptions): Promise<string>
}

/**
 * Runs a job with the options of the command line.
 *
 * Ends with 0, with 1 when the job failed, with 2 when the command line is wrong. A reader who closes the pipe early
 * (`| head -1`) ends the program quietly.
 */
export async function runProgram(program: Program): Promise<void> {
  endWithReader(process.stdout)
  endWithReader(process.stderr)
  try {
    const options = parseJobOptions(process.argv.slice(2), program.flags, program.workers)
    if (options.help) console.log(formatHelp(program.summary, program.flags, program.workers))
    else await runJob(program, options)
  } catch (error) {
    const isUsage = error instanceof UsageError
    console.error(isUsage ? error.message : error)
    process.exitCode = isUsage ? 2 : 1
  }
}

async function runJob(program: Program, options: JobOptions): Promise<void> {
  const readOthers = watchOthers()
  const lastLine = await program.run(options)
  const others = readOthers()
  if (others !== undefined && others > BUSY_MACHINE) {
    const share = `${Math.round(100 * others)} % of this machine`
    console.log(`\n${formatNote(`other programs used ${share} meanwhile, so times and speed-ups say little`)}`)
  }
  console.log(`\n${lastLine}`)
}

function endWithReader(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}
