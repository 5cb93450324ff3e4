import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Backend, END_DEADLINE_MS, type WorkerEvents, type WorkerHandle, type WorkerSpec } from '../backend.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import { findEntryUrl } from './entry-url.ts'
import { toExecArgv } from './exec-argv.ts'
import { isProcessStopped } from './process-state.ts'
import type { Mark } from '../protocol/mark.ts'
import { type ToWorker, isFromWorker } from '../protocol/messages.ts'
import type { Vitals } from '../protocol/vitals.ts'
import { embeddedEntries } from './embedded-entries.ts'
import { FrameReader, encodeFrame } from './frames.ts'
import { MarkFile } from './mark-file.ts'
import { Reaper } from './reaper.ts'

/** A process that was stopped by a signal for so many looks in a row is ended. */
const STOPPED_LOOKS = 3
const LOOK_EVERY_MS = 300
/** A grandchild that holds the worker's output open must not delay the news of its death. */
const OUTPUT_GRACE_MS = 100

function findEntryArgs(): string[] {
  const url = findEntryUrl('entries/process', import.meta.url)
  return url === undefined ? ['--input-type=module', '--eval', embeddedEntries.process ?? ''] : [fileURLToPath(url)]
}

function spawnWorker(spec: WorkerSpec, mark: MarkFile | undefined): ChildProcess {
  const argv = [...(toExecArgv(spec, 'processes') ?? []), ...findEntryArgs()]
  // Loading it takes milliseconds that a program with threads alone need not spend.
  const { spawn } = process.getBuiltinModule('node:child_process')
  return spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', mark?.fd ?? 'ignore'],
    env: spec.env === undefined ? process.env : { ...spec.env },
    windowsHide: true,
  })
}

class ProcessHandle implements WorkerHandle {
  readonly #events: WorkerEvents
  readonly #reaper: Reaper
  readonly #mark: MarkFile | undefined
  readonly #child: ChildProcess
  readonly #channel: Socket | undefined
  #exit: { readonly code: number | null; readonly signal: string | null } | undefined
  #spawnError: Error | undefined
  #isChannelOpen = true
  #isGone = false
  #deadline: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined

  constructor(spec: WorkerSpec, events: WorkerEvents, reaper: Reaper) {
    this.#events = events
    this.#reaper = reaper
    this.#mark = MarkFile.create()
    this.#child = spawnWorker(spec, this.#mark)
    this.#channel = (this.#child.stdio?.[3] ?? undefined) as Socket | undefined
    if (this.#child.pid !== undefined) reaper.watch(this.#child.pid)
    this.#listen()
    const { env: _env, ...sent } = spec
    this.#write({ kind: 'init', spec: sent, hasMark: this.#mark !== undefined })
    this.hold(false)
  }

  get identity(): { pid: number; threadId: undefined } {
    return { pid: this.#child.pid ?? 0, threadId: undefined }
  }

  #listen(): void {
    this.#child.on('error', (error) => {
      if (this.#child.pid !== undefined) return
      this.#spawnError = error
      this.#settle()
    })
    this.#child.on('exit', (code, signal) => {
      this.#exit = { code, signal }
      if (this.#child.pid !== undefined) this.#reaper.forget(this.#child.pid)
      this.#startDeadline(OUTPUT_GRACE_MS)
    })
    this.#child.on('close', () => this.#settle())
    for (const stream of ['stdout', 'stderr'] as const) {
      const source: Readable | null | undefined = this.#child[stream]
      source?.on('data', (bytes: Uint8Array) => this.#events.output(stream, bytes))
      source?.on('error', () => {})
    }
    this.#readChannel()
  }

  #readChannel(): void {
    const reader = new FrameReader()
    this.#channel?.on('data', (bytes: Buffer) => {
      const messages: unknown[] = []
      let broken: string | undefined
      try {
        for (const message of reader.push(bytes)) messages.push(message)
      } catch (error) {
        broken = error instanceof Error ? error.message : 'it cannot be read'
      }
      for (const message of messages) this.#deliver(message)
      if (broken !== undefined) this.#violate(broken)
    })
    this.#channel?.on('error', () => {})
    this.#channel?.on('close', () => {
      this.#isChannelOpen = false
      if (this.#exit === undefined) this.#startDeadline(END_DEADLINE_MS)
    })
  }

  #deliver(message: unknown): void {
    if (this.#isGone) return
    if (isFromWorker(message)) this.#events.message(message)
    else this.#violate('it sent a message of no known kind')
  }

  #violate(reason: string): void {
    this.#channel?.removeAllListeners('data')
    this.#channel?.resume()
    this.#events.violated(reason)
  }

  send(message: ToWorker): void {
    this.#write(message)
  }

  #write(message: unknown): void {
    if (this.#isGone || !this.#isChannelOpen || this.#channel === undefined) return
    let frame: Buffer
    try {
      frame = encodeFrame(message)
    } catch (error) {
      throw new RefusedValue('clone', error instanceof Error ? error.message : String(error), error)
    }
    this.#channel.write(frame)
  }

  mark(): Mark | undefined {
    return this.#mark?.read()
  }

  vitals(): Vitals | undefined {
    return this.#mark?.readVitals()
  }

  end(): void {
    if (this.#isGone) return
    // The id is ours as long as the exit is not read, so no other process can be hit.
    if (this.#exit === undefined) this.#child.kill('SIGKILL')
    this.#startDeadline(END_DEADLINE_MS)
  }

  hold(isHeld: boolean): void {
    if (this.#isGone) return
    const word = isHeld ? 'ref' : 'unref'
    this.#child[word]()
    this.#channel?.[word]()
    for (const stream of [this.#child.stdout, this.#child.stderr] as (Socket | null | undefined)[]) stream?.[word]()
    clearInterval(this.#watch)
    if (isHeld) this.#watchForStop()
  }

  /** A stopped process answers nothing, breaks nothing and ends never. */
  #watchForStop(): void {
    let looks = 0
    this.#watch = setInterval(() => {
      looks = isProcessStopped(this.#child.pid ?? 0) ? looks + 1 : 0
      if (looks >= STOPPED_LOOKS) this.end()
    }, LOOK_EVERY_MS)
    this.#watch.unref()
  }

  #startDeadline(ms: number): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#giveUp(), ms)
  }

  #giveUp(): void {
    if (this.#exit === undefined && !this.#isChannelOpen && !this.#child.killed) return this.end()
    if (this.#exit !== undefined && this.#isChannelOpen) {
      // Its results may still be on the way, but not for ever: somebody else may hold the pipe.
      this.#channel?.destroy()
    }
    this.#settle()
  }

  /** Gone when the process has ended and the last answer is read. */
  #settle(): void {
    if (this.#isGone) return
    this.#isGone = true
    clearTimeout(this.#deadline)
    clearInterval(this.#watch)
    this.#mark?.close()
    for (const stream of [this.#channel, this.#child.stdout, this.#child.stderr]) stream?.destroy()
    const { code = null, signal = null } = this.#exit ?? {}
    const writtenOff = this.#exit === undefined && this.#spawnError === undefined
    this.#events.gone({ code, signal, reason: this.#describe(code, signal), writtenOff, error: this.#spawnError })
  }

  #describe(code: number | null, signal: string | null): string {
    if (this.#spawnError !== undefined) return `its process could not be started: ${this.#spawnError.message}`
    if (this.#exit === undefined) return 'its process could not be ended'
    return signal === null ? `its process exited with code ${code}` : `its process was ended by ${signal}`
  }
}

/** What is left of a process that could not even be tried. */
class UnstartedProcess implements WorkerHandle {
  readonly identity = { pid: 0, threadId: undefined }

  send(): void {}

  mark(): undefined {
    return undefined
  }

  vitals(): undefined {
    return undefined
  }

  end(): void {}

  hold(): void {}
}

/** Workers as processes: nothing they do can hurt the program, native crashes and memory included. */
export function createProcessesBackend(): Backend {
  const reaper = new Reaper()
  return {
    name: 'processes',
    start(spec, events) {
      try {
        return new ProcessHandle(spec, events, reaper)
      } catch (error) {
        const reason = `its process could not be started: ${error instanceof Error ? error.message : String(error)}`
        setImmediate(() => events.gone({ code: null, signal: null, reason, error }))
        return new UnstartedProcess()
      }
    },
    close: () => reaper.close(),
  }
}
