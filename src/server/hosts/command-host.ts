import { spawn, spawnSync } from 'node:child_process'
import { Reaper } from '../../backends/reaper.ts'
import type { Host, HostEvents, HostKind, HostResources } from '../host.ts'
import type { ToService } from '../service-messages.ts'
import type { ServiceSpec } from '../service-spec.ts'
import { type ChildExit, ChildWatch, describeChildExit } from './child-watch.ts'
import { createUnstarted } from './unstarted.ts'

/** Programs tell nobody that they are ready: one that still runs after this time counts as ready. */
const READY_AFTER_MS = 500
// systemd's words: LISTEN_PID must be the program's own id, which only the process itself can know before it runs.
const EXEC = 'export LISTEN_PID=$$; exec "$@"'
/** Programs that are handed a socket find it listening, as systemd's do. It accepts nothing: it never comes to its loop. */
const LISTEN = "const s = require('node:net').createServer(); s.listen({ fd: 3, backlog: 511 }); process.exit(0)"

const listening = new Set<number>()

function makeListen(fds: readonly number[]): void {
  for (const fd of fds) {
    if (listening.has(fd)) continue
    spawnSync(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    listening.add(fd)
  }
}

function toEnv(spec: ServiceSpec, { env, fds }: HostResources): NodeJS.ProcessEnv {
  const [first] = spec.servers
  return {
    ...(env ?? process.env),
    HOST: first?.address ?? '',
    PORT: String(first?.port ?? ''),
    NODE_APP_INSTANCE: String(spec.index),
    LISTEN_FDS: String(fds.length),
    LISTEN_FDNAMES: spec.servers
      .map(({ address, port }) => `${spec.group}-${address}-${port}`.replaceAll(':', '.'))
      .join(':'),
  }
}

/** Any program as a worker: it gets `HOST`, `PORT` and its listening sockets as systemd would give them. */
class CommandHost implements Host {
  readonly #watch: ChildWatch
  readonly #ready: NodeJS.Timeout
  #isAsked = false

  constructor(command: readonly string[], spec: ServiceSpec, given: HostResources, events: HostEvents, reaper: Reaper) {
    makeListen(given.fds)
    const child = spawn('/bin/sh', ['-c', EXEC, 'sh', ...command], {
      stdio: ['ignore', 'pipe', 'pipe', ...given.fds],
      env: toEnv(spec, given),
    })
    this.#watch = new ChildWatch(child, reaper, {
      output: (stream, bytes) => events.output(stream, bytes),
      gone: (exit) => this.#tellGone(exit, events),
    })
    const ports = spec.servers.map(({ port }) => port)
    const tellReady = (): void => {
      if (!this.#watch.hasExited) events.message({ kind: 'ready', ports, systemThreadId: 0 })
    }
    this.#ready = setTimeout(tellReady, READY_AFTER_MS)
  }

  get identity(): { pid: number; threadId: undefined } {
    return { pid: this.#watch.pid, threadId: undefined }
  }

  send(message: ToService): void {
    if (message.kind !== 'drain') return
    // What a program does on SIGTERM is its own affair; the time for it is limited by its owner.
    this.#isAsked = true
    this.#watch.signal('SIGTERM')
  }

  end(): void {
    this.#watch.kill()
  }

  #tellGone(exit: ChildExit, events: HostEvents): void {
    clearTimeout(this.#ready)
    // Many programs end by the signal itself; when it was ours, that is their regular end.
    const isRegular = this.#isAsked && exit.signal === 'SIGTERM'
    const { code, signal } = isRegular ? { code: 0, signal: null } : exit
    const found = exit.code === 127 ? 'its program was not found (exit code 127)' : describeChildExit('program', exit)
    events.gone({ code, signal, reason: found, error: exit.spawnError, writtenOff: exit.writtenOff })
  }
}

/** Workers that are programs of any kind, started by the same command. */
export function createCommandHosts(command: readonly string[]): HostKind {
  const reaper = new Reaper()
  return {
    name: 'command',
    start(spec, resources, events) {
      try {
        return new CommandHost(command, spec, resources, events, reaper)
      } catch (error) {
        return createUnstarted('program', 0, error, events)
      }
    },
    async close() {
      listening.clear()
      await reaper.close()
    },
  }
}
