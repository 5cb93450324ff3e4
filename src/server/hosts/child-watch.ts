import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { END_DEADLINE_MS } from '../../backend.ts'
import type { Reaper } from '../../backends/reaper.ts'

/** A grandchild that holds the output open must not delay the news of a death. */
const OUTPUT_GRACE_MS = 100

/** How a child process ended. */
export interface ChildExit {
  readonly code: number | null
  readonly signal: string | null
  /** It never ran. */
  readonly spawnError: Error | undefined
  /** It could not be ended. */
  readonly writtenOff: boolean
}

interface ChildEvents {
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  gone(exit: ChildExit): void
}

/** Watches one child process to its end, which is told once, after the last of its output. */
export class ChildWatch {
  readonly #child: ChildProcess
  readonly #reaper: Reaper
  readonly #events: ChildEvents
  #exit: { readonly code: number | null; readonly signal: string | null } | undefined
  #spawnError: Error | undefined
  #deadline: NodeJS.Timeout | undefined
  isGone = false

  constructor(child: ChildProcess, reaper: Reaper, events: ChildEvents) {
    this.#child = child
    this.#reaper = reaper
    this.#events = events
    if (child.pid !== undefined) reaper.watch(child.pid)
    child.on('error', (error) => {
      if (child.pid !== undefined) return
      this.#spawnError = error
      this.#settle()
    })
    child.on('exit', (code, signal) => this.#onExit(code, signal))
    child.on('close', () => this.#settle())
    for (const stream of ['stdout', 'stderr'] as const) {
      const source: Readable | null = child[stream]
      source?.on('data', (bytes: Uint8Array) => events.output(stream, bytes))
      source?.on('error', () => {})
    }
  }

  /** 0 when it never ran. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  get hasExited(): boolean {
    return this.#exit !== undefined || this.isGone
  }

  #onExit(code: number | null, signal: string | null): void {
    this.#exit = { code, signal }
    if (this.#child.pid !== undefined) this.#reaper.forget(this.#child.pid)
    this.#wait(OUTPUT_GRACE_MS, () => this.#settle())
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(then, ms)
  }

  /** The id is ours as long as the exit is not read, so no other process can be hit. */
  signal(name: NodeJS.Signals): void {
    if (!this.hasExited) this.#child.kill(name)
  }

  /** Ends it at once. */
  kill(): void {
    if (this.hasExited) return
    this.#child.kill('SIGKILL')
    this.#wait(END_DEADLINE_MS, () => this.#settle())
  }

  /** It can hear nothing any more: it has a short time to end by itself. */
  expectEnd(): void {
    if (!this.hasExited) this.#wait(END_DEADLINE_MS, () => this.kill())
  }

  #settle(): void {
    if (this.isGone) return
    this.isGone = true
    clearTimeout(this.#deadline)
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    const { code = null, signal = null } = this.#exit ?? {}
    const writtenOff = this.#exit === undefined && this.#spawnError === undefined
    this.#events.gone({ code, signal, spawnError: this.#spawnError, writtenOff })
  }
}

/** The end of a child in one line: `its process was ended by SIGKILL`. */
export function describeChildExit(what: string, { code, signal, spawnError, writtenOff }: ChildExit): string {
  if (spawnError !== undefined) return `its ${what} could not be started: ${spawnError.message}`
  if (writtenOff) return `its ${what} could not be ended`
  return signal === null ? `its ${what} exited with code ${code}` : `its ${what} was ended by ${signal}`
}
