/** A line longer than this is passed on in pieces: an unterminated one must not fill the memory. */
const MAX_LINE_BYTES = 64 * 1024
const NEWLINE = 10

type Name = 'stdout' | 'stderr'

interface Sink {
  users: number
  /** A write of ours has just failed: the error event that follows is its. */
  hasFailed: boolean
  isBroken: boolean
}

const sinks: Record<Name, Sink> = {
  stdout: { users: 0, hasFailed: false, isBroken: false },
  stderr: { users: 0, hasFailed: false, isBroken: false },
}

/**
 * The reader of our output has gone (`| head -1`). What workers print is dropped from then on and the work goes on;
 * where the program itself prints there, that output was the point, so it ends as Unix programs do: quietly, 141.
 */
function onSinkError(name: Name, error: Error & { code?: string }): void {
  const sink = sinks[name]
  if (error.code !== 'EPIPE') {
    if (process[name].listenerCount('error') === 1) throw error
    return
  }
  const isOurs = sink.hasFailed
  sink.hasFailed = false
  sink.isBroken = true
  if (!isOurs && process[name].listenerCount('error') === 1) process.exit(141)
}

const listeners: Record<Name, (error: Error) => void> = {
  stdout: (error) => onSinkError('stdout', error),
  stderr: (error) => onSinkError('stderr', error),
}

function open(name: Name): void {
  if (sinks[name].users++ === 0) process[name].on('error', listeners[name])
}

function close(name: Name): void {
  if (--sinks[name].users === 0) process[name].off('error', listeners[name])
}

/** Writes what comes from a worker, and drops it once nobody reads any more. There MUST be a {@link WorkerOutput} meanwhile. */
export function writeOutput(name: Name, bytes: Uint8Array | string): void {
  const sink = sinks[name]
  if (sink.isBroken) return
  // Node calls back first and emits the error after that.
  process[name].write(bytes, (error) => {
    if (error) sink.hasFailed = sink.isBroken = true
  })
}

/** Passes on what one worker prints, line by line, so that the lines of two workers never mix. */
export class WorkerOutput {
  readonly #rest: Record<Name, Uint8Array> = { stdout: new Uint8Array(), stderr: new Uint8Array() }
  #isOpen = true

  constructor() {
    open('stdout')
    open('stderr')
  }

  push(name: Name, bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(NEWLINE) + 1
    const rest = this.#rest[name]
    if (end === 0 && rest.length + bytes.length < MAX_LINE_BYTES) {
      this.#rest[name] = Buffer.concat([rest, bytes])
      return
    }
    const cut = end === 0 ? bytes.length : end
    writeOutput(name, Buffer.concat([rest, bytes.subarray(0, cut)]))
    this.#rest[name] = bytes.slice(cut)
  }

  /** Passes on an unfinished last line too. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const name of ['stdout', 'stderr'] as const) {
      if (this.#rest[name].length > 0) writeOutput(name, Buffer.concat([this.#rest[name], Uint8Array.of(NEWLINE)]))
      close(name)
    }
  }
}
