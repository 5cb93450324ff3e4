import { MessageChannel, type MessagePort, Worker, type WorkerOptions } from 'node:worker_threads'
import { type Backend, END_DEADLINE_MS, type WorkerEvents, type WorkerHandle, type WorkerSpec } from '../backend.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import { describeThrown } from '../internal/describe-thrown.ts'
import { findEntryUrl } from './entry-url.ts'
import { toExecArgv } from './exec-argv.ts'
import { endProgramDespite } from './stuck-threads.ts'
import { MARK_BYTES, type Mark, readMark } from '../protocol/mark.ts'
import type { ToWorker } from '../protocol/messages.ts'
import { VITALS_BYTES, type Vitals, readVitals } from '../protocol/vitals.ts'
import { type LinkMemory, ParentEnd, createLinkMemory } from './ring/ends.ts'
import { describeThreadExit } from './thread-exit.ts'
import type { ThreadOutput } from './thread-output.ts'
import { embeddedEntries } from './embedded-entries.ts'

function findEntry(): URL {
  const url = findEntryUrl('entries/thread', import.meta.url)
  return url ?? new URL(`data:text/javascript,${encodeURIComponent(embeddedEntries.thread ?? '')}`)
}

/** What a thread is given beside its spec. */
export interface ThreadChannel {
  readonly port: MessagePort
  readonly rings: LinkMemory
  readonly mark: Float64Array
  readonly vitals: Float64Array
}

function toOptions(spec: WorkerSpec, channel: ThreadChannel): WorkerOptions {
  const options: WorkerOptions = {
    name: spec.name,
    workerData: { spec: { ...spec, env: undefined }, ...channel },
    transferList: [channel.port],
  }
  const execArgv = toExecArgv(spec, 'threads')
  if (execArgv !== undefined) options.execArgv = execArgv
  if (spec.resourceLimits !== undefined) options.resourceLimits = { ...spec.resourceLimits }
  if (spec.env !== undefined) options.env = { ...spec.env }
  return options
}

function isOutput(message: unknown): message is ThreadOutput {
  if (typeof message !== 'object' || message === null) return false
  const { output, bytes } = message as Partial<ThreadOutput>
  return (output === 'stdout' || output === 'stderr') && bytes instanceof Uint8Array
}

/** What is left of a thread that could not even be made. */
class UnstartedThread implements WorkerHandle {
  readonly identity = { pid: process.pid, threadId: undefined }

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

class ThreadHandle implements WorkerHandle {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #link: ParentEnd
  readonly #mark: Float64Array
  readonly #vitals: Float64Array = new Float64Array(new SharedArrayBuffer(VITALS_BYTES))
  readonly #events: WorkerEvents
  #error: { readonly value: unknown } | undefined
  #exitCode: number | undefined
  #isPortOpen = true
  #isGone = false
  #isEnding = false
  #deadline: NodeJS.Timeout | undefined

  constructor(spec: WorkerSpec, events: WorkerEvents) {
    const { port1, port2 } = new MessageChannel()
    this.#events = events
    this.#port = port1
    this.#mark = new Float64Array(new SharedArrayBuffer(MARK_BYTES))
    const rings = createLinkMemory()
    this.#link = new ParentEnd(port1, rings, {
      message: (message) => {
        if (!this.#isGone) events.message(message)
      },
      other: (message) => this.#takeOther(message),
      broken: (reason) => events.violated(reason),
    })
    try {
      this.#worker = new Worker(
        findEntry(),
        toOptions(spec, { port: port2, rings, mark: this.#mark, vitals: this.#vitals }),
      )
    } catch (error) {
      port1.close()
      throw error
    }
    this.#listen(this.#worker)
    this.hold(false)
  }

  get identity(): { pid: number; threadId: number } {
    return { pid: process.pid, threadId: this.#worker.threadId }
  }

  #listen(worker: Worker): void {
    this.#port.on('message', (message: unknown) => {
      if (!this.#isGone) this.#link.receive(message)
    })
    this.#port.on('messageerror', () => this.#events.violated('it sent a message that cannot be read'))
    this.#port.on('close', () => {
      this.#isPortOpen = false
      // A thread may live on without its port; nothing would ever be heard of it.
      if (this.#exitCode === undefined) this.#startDeadline()
      this.#settle()
    })
    worker.on('error', (value: unknown) => {
      this.#error ??= { value }
      this.#startDeadline()
    })
    worker.on('messageerror', () => {})
    worker.on('exit', (code) => {
      this.#exitCode = code
      this.#startDeadline()
      this.#settle()
    })
  }

  #takeOther(message: unknown): void {
    if (this.#isGone) return
    if (isOutput(message)) this.#events.output(message.output, message.bytes)
    else this.#events.violated('it sent a message of no known kind')
  }

  send(message: ToWorker): void {
    if (this.#isGone || !this.#isPortOpen) return
    try {
      this.#link.send(message)
    } catch (error) {
      throw new RefusedValue('clone', describeThrown(error), error)
    }
  }

  mark(): Mark {
    return readMark(this.#mark)
  }

  vitals(): Vitals | undefined {
    return this.#isGone ? undefined : readVitals(this.#vitals)
  }

  end(): void {
    if (this.#isEnding || this.#isGone) return
    this.#isEnding = true
    this.#startDeadline()
    void this.#worker.terminate().catch(() => {})
  }

  hold(isHeld: boolean): void {
    if (this.#isGone) return
    if (isHeld) {
      this.#worker.ref()
      this.#port.ref()
    } else {
      this.#worker.unref()
      this.#port.unref()
    }
  }

  /** A thread that has failed must be through in this time: results may still be on the way, but not for ever. */
  #startDeadline(): void {
    this.#deadline ??= setTimeout(() => this.#giveUp(), END_DEADLINE_MS)
  }

  #giveUp(): void {
    if (this.#exitCode !== undefined || this.#isEnding) return this.#settle(true)
    this.#deadline = undefined
    this.end()
  }

  /** Gone when the thread has ended and the last message is read; before that a result could still be counted as lost. */
  #settle(isForced = false): void {
    if (this.#isGone || (!isForced && (this.#exitCode === undefined || this.#isPortOpen))) return
    this.#link.drainAll()
    this.#isGone = true
    clearTimeout(this.#deadline)
    this.#port.close()
    if (this.#exitCode === undefined) {
      this.#worker.unref()
      endProgramDespite(this.#worker)
    }
    this.#events.gone(describeThreadExit({ exitCode: this.#exitCode, error: this.#error }))
  }
}

/** Workers as threads of this process: the cheapest to start and to reach, and sharing its fate. */
export function createThreadsBackend(): Backend {
  return {
    name: 'threads',
    start(spec, events) {
      try {
        return new ThreadHandle(spec, events)
      } catch (error) {
        const reason = `its thread could not be made: ${error instanceof Error ? error.message : String(error)}`
        setImmediate(() => events.gone({ code: null, signal: null, reason, error }))
        return new UnstartedThread()
      }
    },
    async close() {},
  }
}
