import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DEADLINE_MS } from './wait-until.ts'

export interface ProgramResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  /** Nobody reads it from the start. */
  readonly closed?: 'stdout' | 'stderr'
  /** Called with all of stdout so far. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void
}

/** Runs a program of `test/fixtures/programs/`; one that does not end is killed, which shows in `signal`. */
export function runProgram(name: string, ...args: (string | ProgramOptions)[]): Promise<ProgramResult> {
  const path = fileURLToPath(new URL(`../fixtures/programs/${name}`, import.meta.url))
  const words = args.filter((arg) => typeof arg === 'string')
  const { closed, onOutput } = args.find((arg) => typeof arg === 'object') ?? {}
  const child = spawn(process.execPath, [path, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    if (stream === closed) child[stream].destroy()
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      if (stream === 'stdout') onOutput?.(output.stdout, child)
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...output })
    })
  })
}
