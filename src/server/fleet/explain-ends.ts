import { EisenmpError } from '../../errors.ts'
import { summarizeThrown } from '../../internal/describe-thrown.ts'
import { type WireError, decodeError } from '../../protocol/wire-error.ts'
import type { LifeRecord } from '../life.ts'
import type { FromFleetWorker } from './fleet-messages.ts'
import type { InstanceRecord } from './instance-record.ts'

/** Why a command has no outcome, when its instance ends in an orderly way. */
export function explainEndedCall(call: string, how: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_CLOSED', `Cannot call ${call}: ${how}`)
}

export function explainClosed({ name }: InstanceRecord): EisenmpError {
  return new EisenmpError('ERR_EISENMP_CLOSED', `Cannot use instance '${name}': it, or its fleet, was closed`)
}

/** @returns Makes the error for what is not known now that the worker is dead. */
export function explainDeath(life: LifeRecord, reason: string): (what: string) => EisenmpError {
  const details = life.error === undefined ? {} : { cause: life.error.value }
  return (what) => {
    const text = `Cannot tell ${what}: its worker died: ${reason}`
    return new EisenmpError('ERR_EISENMP_CRASH', text, { worker: life.key, ...details })
  }
}

/** Its constructor or its `start()` has thrown. */
export function explainRefused({ name, life }: InstanceRecord, wire: WireError): EisenmpError {
  const worker = life?.key
  const cause = decodeError(wire, `worker ${worker}`)
  const text = `Cannot create instance '${name}': ${summarizeThrown(cause)}`
  return new EisenmpError('ERR_EISENMP_TASK', text, { cause, worker })
}

type Stopped = Pick<Extract<FromFleetWorker, { kind: 'stopped' }>, 'error' | 'isLate'>

/** What was wrong with the end of an instance, if anything. */
export function explainStopped(
  record: InstanceRecord,
  { error, isLate }: Stopped,
  limitMs: number,
): EisenmpError | undefined {
  const { name, life } = record
  const worker = life?.key
  if (isLate === true) {
    const text = `Cannot stop instance '${name}' within ${limitMs} ms (drain.inFlightMs): its stop() has not ended`
    const repair = 'what it has begun goes on until fleet.stopWorker()'
    return new EisenmpError('ERR_EISENMP_TIMEOUT', `${text}; ${repair}`, { worker })
  }
  if (error === undefined) return undefined
  const cause = decodeError(error, `worker ${worker}`)
  const text = `Cannot stop instance '${name}' properly: its stop() threw: ${summarizeThrown(cause)}`
  return new EisenmpError('ERR_EISENMP_TASK', text, { cause, worker })
}
