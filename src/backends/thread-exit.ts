import type { WorkerExit } from '../backend.ts'
import { describeThrown } from '../internal/describe-thrown.ts'

/** What is known of a thread that is gone. */
export interface ThreadEnd {
  /** `undefined`: it could not be ended, and still runs. */
  readonly exitCode: number | undefined
  /** What it did not catch. */
  readonly error: { readonly value: unknown } | undefined
}

/** How a thread ended, for its owner. */
export function describeThreadExit({ exitCode, error }: ThreadEnd): WorkerExit {
  const code = exitCode ?? null
  if (exitCode === undefined) {
    const reason = 'it is blocked outside JavaScript and could not be ended'
    return { code, signal: null, reason, writtenOff: true }
  }
  if (error === undefined) return { code, signal: null, reason: `its thread exited with code ${code}` }
  const { value } = error
  const isMemory = (value as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const text = describeThrown(value)
  return { code, signal: null, reason: isMemory ? `it ran out of memory: ${text}` : `uncaught ${text}`, error: value }
}
