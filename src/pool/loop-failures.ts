import { EisenmpError, type WorkerDeath } from '../errors.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { type WireError, decodeError } from '../protocol/wire-error.ts'
import type { Parcelled } from './queue-desk.ts'

/** A call of a loop has thrown. */
export function explainThrown(
  name: string,
  worker: string,
  wire: WireError,
  entry: Parcelled | undefined,
): EisenmpError {
  const cause = decodeError(wire, `worker ${worker}`)
  const place = entry === undefined ? '' : ` with chunk ${describe(entry)}`
  const text = `Cannot go on with loop '${name}'${place}: ${summarizeThrown(cause)}`
  const details = entry === undefined ? {} : { ticket: entry.ticket, attempt: entry.errors + entry.crashes }
  return new EisenmpError('ERR_EISENMP_TASK', text, { cause, worker, ...details })
}

/** A chunk has cost too many workers. */
export function explainLost(
  name: string,
  entry: Parcelled,
  deaths: readonly WorkerDeath[],
  budget: number,
): EisenmpError {
  const last = deaths.at(-1)
  const details = { ticket: entry.ticket, attempt: entry.crashes, worker: last?.worker, deaths }
  const place = `chunk ${describe(entry)} in loop '${name}'`
  if (budget === 0) {
    const text = `Cannot tell the outcome of ${place}: its worker died and retries.crash is 0, so it is not taken again`
    return new EisenmpError('ERR_EISENMP_OUTCOME_UNKNOWN', text, details)
  }
  const often = deaths.length === 1 ? 'its worker died' : `its worker died ${deaths.length} times`
  const text = `Cannot take ${place}: ${often}, last since ${last?.reason ?? 'of an unknown reason'}; see 'deaths'`
  return new EisenmpError('ERR_EISENMP_CRASH', text, details)
}

/** Every worker waits for what will not come. */
export function explainStarved(name: string, queues: readonly string[]): EisenmpError {
  const list = queues.map((queue) => `'${queue}'`).join(' and ')
  const text = `Cannot go on with loop '${name}': its workers wait for ${list}, which nothing feeds`
  return new EisenmpError('ERR_EISENMP_QUEUE', `${text}; call pool.feed() or put() before, or close it`)
}

function describe({ ticket }: Parcelled): string {
  return `${ticket.serial} of queue '${ticket.queue}'`
}
