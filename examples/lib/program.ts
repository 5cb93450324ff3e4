import { formatHelp, parseJobOptions, UsageError } from './job-options.ts'
import type { JobOptions } from './job-options.ts'

/** A job that can be started from the command line. */
export type Program = {
  /** One line for `--help`. */
  summary: string
  flags: readonly (keyof JobOptions)[]
  run(options: JobOptions): Promise<void>
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
    const options = parseJobOptions(process.argv.slice(2), program.flags)
    if (options.help) console.log(formatHelp(program.summary, program.flags))
    else await program.run(options)
  } catch (error) {
    const isUsage = error instanceof UsageError
    console.error(isUsage ? error.message : error)
    process.exitCode = isUsage ? 2 : 1
  }
}

function endWithReader(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}
