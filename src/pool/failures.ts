import type { RejectCause, Rejection } from '../dispatch/events.ts'
import { EisenmpError, type EisenmpErrorCode, type Ticket } from '../errors.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { type WireError, decodeError } from '../protocol/wire-error.ts'

const codes: Record<RejectCause, EisenmpErrorCode> = {
  task: 'ERR_EISENMP_TASK',
  clone: 'ERR_EISENMP_CLONE',
  size: 'ERR_EISENMP_SIZE',
  source: 'ERR_EISENMP_SOURCE',
  unreadable: 'ERR_EISENMP_SOURCE',
  crash: 'ERR_EISENMP_CRASH',
  timeout: 'ERR_EISENMP_TIMEOUT',
  unknown: 'ERR_EISENMP_OUTCOME_UNKNOWN',
}

/** The item an error is about. */
export interface FailedItem {
  readonly item: unknown
  readonly index: number
  readonly ticket: Ticket
  /** Names of the tasks it went through: `'isPrime'`, `'parse' → 'check'`. */
  readonly tasks: string
}

function summarize(error: unknown): string {
  const text = summarizeThrown(error)
  return error instanceof Error || typeof error === 'string' ? text : `a value was thrown: ${text}`
}

function describe(rejection: Rejection, { index, tasks }: FailedItem, cause: unknown): string {
  const place = `item ${index} through ${tasks}`
  const last = rejection.deaths.at(-1)
  switch (rejection.cause) {
    case 'task':
      return `Cannot take ${place}: ${summarize(cause)}`
    case 'clone':
    case 'size':
      return `Cannot take ${place} across the boundary: ${summarize(cause)}`
    case 'source':
      return `Cannot make item ${index} from the source: ${summarize(cause)}`
    case 'unreadable':
      return `Cannot read the source from index ${index} on: ${summarize(cause)}`
    case 'crash': {
      const times = rejection.deaths.length
      const often = times === 1 ? 'its worker died' : `its worker died ${times} times`
      return `Cannot take ${place}: ${often}, last since ${last?.reason ?? 'of an unknown reason'}; see 'deaths'`
    }
    case 'timeout':
      return `Cannot take ${place} within itemTimeoutMs: it ran longer; raise itemTimeoutMs or heed toolbox.signal`
    default:
      return `Cannot tell the outcome of ${place}: its worker died and retries.crash is 0, so it is not run again`
  }
}

/** The error that an item is settled with. */
export function explainRejection(rejection: Rejection, item: FailedItem, wire: WireError | undefined): EisenmpError {
  const { worker, attempt, deaths } = rejection
  const cause = wire === undefined ? undefined : decodeError(wire, `worker ${worker}`)
  const { index, ticket } = item
  const details = { item: item.item, index, ticket, attempt, worker: worker === '' ? undefined : worker }
  const lost = deaths.length === 0 ? {} : { deaths }
  const reason = wire === undefined ? {} : { cause }
  return new EisenmpError(codes[rejection.cause], describe(rejection, item, cause), { ...details, ...lost, ...reason })
}
