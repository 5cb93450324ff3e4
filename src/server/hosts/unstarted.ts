import { summarizeThrown } from '../../internal/describe-thrown.ts'
import type { Host, HostEvents } from '../host.ts'

/** What is left of a worker that could not even be tried; it is `gone` in the next turn. */
export function createUnstarted(what: string, pid: number, error: unknown, events: HostEvents): Host {
  const reason = `its ${what} could not be started: ${summarizeThrown(error)}`
  setImmediate(() => events.gone({ code: null, signal: null, reason, error }))
  return { identity: { pid, threadId: undefined }, send() {}, end() {} }
}
