import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DEADLINE_MS } from './wait-until.ts'

export interface ProgramResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of `test/fixtures/programs/`; one that does not end is killed, which shows in `signal`. */
export function runProgram(name: string, ...args: string[]): Promise<ProgramResult> {
  const path = fileURLToPath(new URL(`../fixtures/programs/${name}`, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...output })
    })
  })
}
