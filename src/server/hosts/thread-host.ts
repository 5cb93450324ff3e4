import { MessageChannel, type MessagePort, type Transferable, Worker } from 'node:worker_threads'
import { END_DEADLINE_MS } from '../../backend.ts'
import { toExecArgv } from '../../backends/exec-argv.ts'
import { endProgramDespite } from '../../backends/stuck-threads.ts'
import { describeThreadExit } from '../../backends/thread-exit.ts'
import type { ThreadOutput } from '../../backends/thread-output.ts'
import type { Host, HostEvents, HostKind, HostResources } from '../host.ts'
import type { FromService, ToService } from '../service-messages.ts'
import type { ServiceSpec } from '../service-spec.ts'
import { findServiceEntry } from '../find-service-entry.ts'
import { createUnstarted } from './unstarted.ts'

/** A worker of a service as a thread: quick to start, and sharing the fate of the program. */
class ThreadHost implements Host {
  readonly #events: HostEvents
  readonly #worker: Worker
  readonly #port: MessagePort
  #error: { readonly value: unknown } | undefined
  #exitCode: number | undefined
  #isPortOpen = true
  #isGone = false
  #deadline: NodeJS.Timeout | undefined

  constructor(spec: ServiceSpec, { env, execArgv, resourceLimits }: HostResources, events: HostEvents) {
    const { port1, port2 } = new MessageChannel()
    this.#events = events
    this.#port = port1
    const argv = toExecArgv({ modules: [spec.module], execArgv }, 'threads')
    try {
      this.#worker = new Worker(findServiceEntry('thread'), {
        name: spec.name,
        workerData: { spec, port: port2 },
        transferList: [port2],
        ...(argv && { execArgv: argv }),
        ...(resourceLimits && { resourceLimits: { ...resourceLimits } }),
        ...(env && { env: { ...env } }),
      })
    } catch (error) {
      port1.close()
      throw error
    }
    this.#listen()
  }

  get identity(): { pid: number; threadId: number } {
    return { pid: process.pid, threadId: this.#worker.threadId }
  }

  #listen(): void {
    this.#port.on('message', (message: FromService | ThreadOutput) => {
      if (this.#isGone) return
      if ('output' in message) this.#events.output(message.output, message.bytes)
      else this.#events.message(message)
    })
    this.#port.on('messageerror', () => this.end())
    this.#port.on('close', () => {
      this.#isPortOpen = false
      // A thread may live on without its port; nothing would ever be heard of it.
      if (this.#exitCode === undefined) this.#startDeadline()
      this.#settle()
    })
    this.#worker.on('error', (value: unknown) => {
      this.#error ??= { value }
      this.#startDeadline()
    })
    this.#worker.on('exit', (code) => {
      this.#exitCode = code
      this.#startDeadline()
      this.#settle()
    })
  }

  send(message: ToService, transfer: readonly unknown[] = []): void {
    if (!this.#isGone && this.#isPortOpen) this.#port.postMessage(message, transfer as Transferable[])
  }

  end(): void {
    if (this.#isGone) return
    this.#startDeadline()
    void this.#worker.terminate().catch(() => {})
  }

  #startDeadline(): void {
    this.#deadline ??= setTimeout(() => this.#giveUp(), END_DEADLINE_MS)
  }

  #giveUp(): void {
    if (this.#exitCode === undefined) void this.#worker.terminate().catch(() => {})
    this.#settle(true)
  }

  /** Gone when the thread has ended and the last message is read. */
  #settle(isForced = false): void {
    if (this.#isGone || (!isForced && (this.#exitCode === undefined || this.#isPortOpen))) return
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

/** All workers in this process: a native crash of one ends all. */
export function createThreadHosts(): HostKind {
  return {
    name: 'threads',
    start(spec, resources, events) {
      try {
        return new ThreadHost(spec, resources, events)
      } catch (error) {
        return createUnstarted('thread', process.pid, error, events)
      }
    },
    async close() {},
  }
}
