import type { WorkerExit } from '../backend.ts'
import { EisenmpError } from '../errors.ts'
import { describeThrown } from '../internal/describe-thrown.ts'
import { LoadError } from '../loader/import-tasks.ts'
import type { LifeRecord } from './life.ts'

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
  const what = error === undefined ? exit.reason : describeThrown(error)
  const code = life.isReady ? 'ERR_EISENMP_CRASH' : 'ERR_EISENMP_START'
  const verb = life.isReady ? `Worker '${worker}' ended` : `Cannot start worker '${worker}'`
  const tail = error === undefined && stderr !== '' ? `; it printed: ${stderr.slice(-400)}` : ''
  return new EisenmpError(code, `${verb}: ${what}${tail}`, { cause: error, worker, deaths })
}
