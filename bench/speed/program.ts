import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Longer takes only what hangs. */
const limitMs = 900_000

/** A program of this folder, what it is given and what it finds out. */
export interface Program<Input, Result> {
  readonly file: URL
  /** In the program: reads what it was given. */
  readInput(): Input
  /** In the program: writes what it found out. */
  writeResult(result: Result): void
}

export function describeProgram<Input, Result>(file: URL): Program<Input, Result> {
  return {
    file,
    readInput: () => JSON.parse(process.argv[2]!) as Input,
    writeResult: (result) => void process.stdout.write(`${JSON.stringify(result)}\n`),
  }
}

/**
 * Runs a program of this folder, which gets one value as JSON and writes another as its last line.
 *
 * A program of its own knows nothing of what was measured before: neither the memory nor the optimized code.
 */
export function runProgram<Input, Result>(
  { file }: Program<Input, Result>,
  input: Input,
  env: Readonly<Record<string, string>> = {},
): Result {
  const path = fileURLToPath(file)
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [path, JSON.stringify(input)], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: limitMs,
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${path} ${JSON.stringify(input)} ended with ${status ?? signal}: ${stderr}`)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Result
}
