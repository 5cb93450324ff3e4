import type { WorkerExit } from '../backend.ts'
import { EisenmpError } from '../errors.ts'
import { describeThrown } from '../internal/describe-thrown.ts'
import { LoadError } from '../loader/import-tasks.ts'
import type { LifeRecord } from './life.ts'

const HINT = '; raise startTimeoutMs, or look in its module for an await that never resolves or a loop without end'
const OUT_OF_MEMORY = /^FATAL ERROR: .*out of memory/m

/** What a process that has ended itself for want of memory has left of it is a page of addresses. */
export function explainExit(life: LifeRecord, exit: WorkerExit): WorkerExit {
  if (exit.signal === null || !OUT_OF_MEMORY.test(life.stderr.toString())) return exit
  return { ...exit, reason: `it ran out of memory: ${exit.reason}` }
}

/** Why a worker ended before it was ready, or at all. */
export function explainStart(life: LifeRecord, exit: WorkerExit, error: unknown): EisenmpError {
  const worker = life.name
  if (EisenmpError.is(error)) return error
  const stderr = life.stderr.toString().trim()
  const deaths = [{ worker, code: exit.code, signal: exit.signal, reason: exit.reason, stderr }]
  const isLoading = error instanceof LoadError || (error as Error | undefined)?.name === 'LoadError'
  if (isLoading) {
    const { message, cause } = error as LoadError
    return new EisenmpError('ERR_EISENMP_MODULE', `Cannot start worker '${worker}': ${message}`, {
      cause: cause ?? error,
      worker,
      deaths,
    })
  }
  const what = error === undefined ? describeEnd(life, exit, stderr) : describeThrown(error)
  const code = life.isReady ? 'ERR_EISENMP_CRASH' : 'ERR_EISENMP_START'
  const verb = life.isReady ? `Worker '${worker}' ended` : `Cannot start worker '${worker}'`
  return new EisenmpError(code, `${verb}: ${what}`, { cause: error, worker, deaths })
}

/** Of a worker that has said nothing itself. */
function describeEnd({ isReady, killedFor }: LifeRecord, { reason }: WorkerExit, stderr: string): string {
  const hint = isReady || killedFor === undefined ? '' : HINT
  const tail = stderr === '' || OUT_OF_MEMORY.test(stderr) ? '' : `; it printed: ${stderr.slice(-400)}`
  return `${killedFor ?? reason}${hint}${tail}`
}
