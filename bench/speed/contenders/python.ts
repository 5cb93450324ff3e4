import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WORKERS } from './contender.ts'

/** What Python brings along; each is compared with a plain loop in Python. */
export const pythonWays = ['imap', 'imap-chunks', 'executor-chunks'] as const
export type PythonWay = (typeof pythonWays)[number]

export const pythonNames: Readonly<Record<PythonWay, string>> = {
  imap: 'Python Pool.imap',
  'imap-chunks': 'Python Pool.imap, chunksize by hand',
  'executor-chunks': 'Python Executor.map, chunksize by hand',
}

/** Times of one measurement in ms; `sum` is that of the plain loop and of the pool. */
export interface PythonTimes {
  readonly plainMs: number
  readonly poolMs: number
  readonly sum: number
}

export function runPython(
  file: URL,
  args: readonly (string | number)[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr } = spawnSync('python3', [fileURLToPath(file), ...args.map(String)], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 900_000,
  })
  if (status !== 0) throw new Error(`python3 ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

const program = new URL('./python_pools.py', import.meta.url)

/** Rounds of arithmetic in one microsecond of Python. */
export function calibratePython(): number {
  return Number(runPython(program, ['calibrate']))
}

export function measurePython(way: PythonWay, kind: string, count: number, rounds: number, chunk: number): PythonTimes {
  return JSON.parse(runPython(program, [way, kind, count, rounds, WORKERS, chunk])) as PythonTimes
}
