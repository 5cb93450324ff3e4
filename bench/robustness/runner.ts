import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Case } from './case.ts'
import type { Peer } from './contract.ts'
import type { Facts } from './facts.ts'
import { canScan, findMarked } from './processes.ts'

/** One driver process from outside, with the facts it wrote down. */
export interface Run {
  peer: Peer
  row: Case
  facts: Facts
  /** How it ended; `trapped`: it did not, the runner ended it. */
  exit: { code: number | null; signal: string | null; trapped: boolean }
  /** Length of the whole run. */
  ms: number
  /** Wall clock at the end of the program, to compare with `facts.closedAt`. */
  endedAt: number
  /** Processes left 1 s after the program's end; `null` where they cannot be counted. */
  leftovers: number | null
  /** How often each traced task ran, by label. */
  executions: Record<string, number>
  stderr: string
}

const DRIVER = fileURLToPath(new URL('./driver.ts', import.meta.url))

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}

function readFacts(folder: string): Facts {
  const entries = readLines(join(folder, 'facts')).map((line) => JSON.parse(line) as [keyof Facts, never])
  return Object.fromEntries(entries)
}

function readPatience(folder: string): number {
  return readFacts(folder).patience ?? 1
}

function countExecutions(folder: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const label of readLines(join(folder, 'executions'))) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}

async function countLeftovers(marker: string, patience: number): Promise<number | null> {
  if (!canScan) return null
  const deadline = Date.now() + 1000 * patience
  let left = findMarked(marker)
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
    left = findMarked(marker)
  }
  for (const pid of left) endProcess(pid)
  return left.length
}

function runDriver(
  peer: Peer,
  row: Case,
  env: NodeJS.ProcessEnv,
): Promise<Pick<Run, 'exit' | 'stderr' | 'ms' | 'endedAt'>> {
  const started = performance.now()
  const child = spawn(process.execPath, [DRIVER, peer.name, row.name], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000)
  })
  let trapped = false
  const trapMs = row.trapMs ?? 20_000
  const spring = (): void => {
    const leftMs = trapMs * readPatience(env['EISENMP_BENCH_FOLDER'] ?? '') - (performance.now() - started)
    trapped = leftMs <= 0
    if (trapped) child.kill('SIGKILL')
    else trap = setTimeout(spring, leftMs)
  }
  let trap = setTimeout(spring, trapMs)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    // Not 'close': a worker that outlives the program holds the other end of the pipe.
    child.once('exit', (code, signal) => {
      clearTimeout(trap)
      child.stderr.destroy()
      resolve({ exit: { code, signal, trapped }, stderr, ms: performance.now() - started, endedAt: Date.now() })
    })
  })
}

let serial = 0

/** Runs one case on one pool in a fresh program and collects what can be seen from outside. */
export async function runCase(peer: Peer, row: Case): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'eisenmp-bench-'))
  const marker = `EISENMP_BENCH_RUN=${process.pid}-${serial++}-${Date.now()}`
  const env = { ...process.env, EISENMP_BENCH_FOLDER: folder, EISENMP_BENCH_RUN: marker.split('=')[1] }
  try {
    const seen = await runDriver(peer, row, env)
    const facts = readFacts(folder)
    const leftovers = await countLeftovers(marker, facts.patience ?? 1)
    return { peer, row, facts, leftovers, executions: countExecutions(folder), ...seen }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
