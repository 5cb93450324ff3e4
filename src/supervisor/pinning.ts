import type { ExecFileException } from 'node:child_process'
import type { Pinning } from '../backend.ts'
import { readAllowedCores } from './allowed-cores.ts'
import { formatCoreList } from './core-list.ts'
import { type SystemPlace, findProcFolder } from './usage.ts'

/** It takes milliseconds; a machine that hangs must not keep a worker from starting. */
const TASKSET_DEADLINE_MS = 2000

/** Why a worker cannot be reached by the system at all. */
export function explainUnreachable({ backend }: SystemPlace): string {
  if (backend === 'inline') return "inline workers run in the program's own thread"
  if (process.platform !== 'linux') return `not on this system (${process.platform})`
  return 'its permissions keep the worker from reading /proc/thread-self, so its thread is not known'
}

function runTaskset(argv: readonly string[]): Promise<ExecFileException | null> {
  // Loading it takes milliseconds that a program which does not pin need not spend.
  const { execFile } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve, reject) => {
    try {
      execFile('taskset', argv, { timeout: TASKSET_DEADLINE_MS }, (error) => resolve(error))
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

function explain(error: ExecFileException): string {
  if (error.code === 'ENOENT') return 'there is no command taskset on this machine'
  const lines = error.message.trim().split('\n')
  return `taskset failed: ${lines.at(-1)}`
}

/**
 * Lets a worker run on these cores only: a process with all its threads, a thread alone. What it starts later inherits it.
 * Never rejects: what cannot be is told.
 */
export async function pinWorker(place: SystemPlace, cores: readonly number[]): Promise<Pinning> {
  const folder = findProcFolder(place)
  if (folder === undefined) return `not supported: ${explainUnreachable(place)}`
  const list = formatCoreList(cores)
  const isProcess = place.backend === 'processes'
  const target = String(isProcess ? place.pid : place.systemThreadId)
  try {
    const error = await runTaskset([...(isProcess ? ['-a'] : []), '-p', '-c', list, target])
    if (error !== null) return `not supported: ${explain(error)}`
  } catch (error) {
    return `not supported: taskset may not be started: ${error instanceof Error ? error.message : String(error)}`
  }
  const actual = formatCoreList(readAllowedCores(folder) ?? [])
  return actual === list
    ? 'pinned'
    : `not supported: taskset had no effect, the worker has cores ${actual || 'unknown'}`
}
