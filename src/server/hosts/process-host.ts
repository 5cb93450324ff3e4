import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { toExecArgv } from '../../backends/exec-argv.ts'
import { FrameReader } from '../../backends/frames.ts'
import { Reaper } from '../../backends/reaper.ts'
import { FrameWriter } from '../frame-writer.ts'
import type { Host, HostEvents, HostKind, HostResources } from '../host.ts'
import type { FromService, ToService } from '../service-messages.ts'
import type { ServiceSpec } from '../service-spec.ts'
import { ChildWatch, describeChildExit } from './child-watch.ts'
import { findServiceEntry } from '../find-service-entry.ts'
import { createUnstarted } from './unstarted.ts'

function spawnWorker(spec: ServiceSpec, { env, execArgv, resourceLimits, fds }: HostResources): ChildProcess {
  const options = toExecArgv({ modules: [spec.module], execArgv, resourceLimits }, 'processes') ?? []
  return spawn(process.execPath, [...options, findServiceEntry('process')], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...fds],
    env: env ?? process.env,
    windowsHide: true,
  })
}

/** A worker of a service as a process: it inherits the sockets, and ends when its channel does. */
class ProcessHost implements Host {
  readonly #watch: ChildWatch
  readonly #channel: Socket
  readonly #writer: FrameWriter

  constructor(spec: ServiceSpec, resources: HostResources, events: HostEvents, reaper: Reaper) {
    const child = spawnWorker(spec, resources)
    this.#channel = child.stdio[3] as Socket
    this.#writer = new FrameWriter(this.#channel)
    this.#watch = new ChildWatch(child, reaper, {
      output: (stream, bytes) => events.output(stream, bytes),
      gone: (exit) => {
        this.#channel.destroy()
        const { code, signal, spawnError: error, writtenOff } = exit
        events.gone({ code, signal, reason: describeChildExit('process', exit), error, writtenOff })
      },
    })
    this.#listen(events)
    this.send({ kind: 'init', spec })
  }

  get identity(): { pid: number; threadId: undefined } {
    return { pid: this.#watch.pid, threadId: undefined }
  }

  #listen(events: HostEvents): void {
    const reader = new FrameReader()
    this.#channel.on('data', (bytes: Buffer) => {
      try {
        for (const message of reader.push(bytes)) if (!this.#watch.isGone) events.message(message as FromService)
      } catch {
        // Nothing behind a broken frame can be trusted.
        this.end()
      }
    })
    this.#channel.on('error', () => {})
    this.#channel.on('close', () => this.#watch.expectEnd())
  }

  send(message: ToService): void {
    if (!this.#watch.isGone && this.#channel.writable) this.#writer.write(message)
  }

  end(): void {
    this.#watch.kill()
  }
}

/** Each worker a process of its own: a crash of one, native ones too, is no other's. */
export function createProcessHosts(): HostKind {
  const reaper = new Reaper()
  return {
    name: 'processes',
    start(spec, resources, events) {
      try {
        return new ProcessHost(spec, resources, events, reaper)
      } catch (error) {
        return createUnstarted('process', 0, error, events)
      }
    },
    close: () => reaper.close(),
  }
}
