import { closeSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import { isMainThread } from 'node:worker_threads'

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
type InterruptSignal = keyof typeof exitCodes
const signals = Object.keys(exitCodes) as InterruptSignal[]

/** What must come to an orderly end when the program is interrupted. */
export interface Interruptible {
  /**
   * Stops taking in, finishes what is in work, and ends. `exits`: the program ends right after it, so nobody is to be
   * told of the interruption; else whoever waits gets an error.
   */
  interrupt(signal: string, exits: boolean): Promise<void>
  /** Ends everything at once. */
  kill(): void
  /** What to do on SIGHUP instead of ending: servers reload. */
  hangUp?(): void
}

const members = new Set<Interruptible>()
let interrupted = false

/** The program's own handler decides what becomes of the program; without one, ours does what Node would have done. */
function hasOtherHandler(signal: InterruptSignal): boolean {
  return process.listenerCount(signal) > 1
}

/** SIGHUP tells servers to reload, unless it comes because the terminal of the program has gone. */
function hasTerminalGone(): boolean {
  if (!isatty(0)) return false
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return false
  } catch {
    return true
  }
}

/** `false`: nobody here reloads, or there is no terminal any more, and the program is to end. */
function hangUp(): boolean {
  const reloading = [...members].filter((member) => member.hangUp !== undefined)
  if (reloading.length === 0 || interrupted || hasTerminalGone()) return false
  if (!hasOtherHandler('SIGHUP')) for (const member of reloading) member.hangUp!()
  return true
}

function onSignal(signal: InterruptSignal): void {
  if (signal === 'SIGHUP' && hangUp()) return
  const exits = !hasOtherHandler(signal)
  if (interrupted) {
    for (const member of [...members]) member.kill()
    if (exits) process.exit(exitCodes[signal])
    return
  }
  interrupted = true
  const drained = Promise.allSettled([...members].map((member) => member.interrupt(signal, exits)))
  void drained.then(() => {
    interrupted = false
    if (exits) process.exit(exitCodes[signal])
  })
}

const handlers = new Map(signals.map((signal) => [signal, () => onSignal(signal)] as const))

/** Registers something that must be drained on SIGINT, SIGTERM and SIGHUP. Threads get no signals: there it does nothing. */
export function registerInterruptible(member: Interruptible): void {
  if (!isMainThread) return
  if (members.size === 0) for (const [signal, handler] of handlers) process.on(signal, handler)
  members.add(member)
}

export function unregisterInterruptible(member: Interruptible): void {
  if (!members.delete(member) || members.size > 0) return
  for (const [signal, handler] of handlers) process.off(signal, handler)
}
