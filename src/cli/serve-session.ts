import { setTimeout as sleep } from 'node:timers/promises'
import type { ReloadReport, Servers } from '../server.ts'
import { openControlFolder } from './control-folder.ts'
import type { ControlAnswer, ProgramState } from './control-messages.ts'
import { type ControlSocket, openControlSocket } from './control-socket.ts'
import type { ServeStatus } from './serve-status.ts'
import { MissingError, UsageError } from './usage.ts'
import { FileWatch } from './watch-files.ts'

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const
type EndSignal = keyof typeof exitCodes
const signals = Object.keys(exitCodes) as EndSignal[]

/** One `eisenmp serve` from its start to its end: signals, control socket, watch. */
export class ServeSession {
  readonly #status: ServeStatus
  readonly #title: string
  readonly #abort = new AbortController()
  readonly #startedAt = performance.now()
  readonly #handlers = new Map(signals.map((signal) => [signal, () => this.#end(signal)] as const))
  /** Lives that end because they were told to. */
  readonly #leaving = new Set<string>()
  #name: string
  #servers: Servers | undefined
  #socket: ControlSocket | undefined
  #watch: FileWatch | undefined
  /** A change came while a reload was under way. */
  #isStale = false
  #isReloading = false
  /** The user has ended it: with what the program exits. */
  exitCode: number | undefined

  constructor(status: ServeStatus, title: string) {
    this.#status = status
    this.#title = title
    this.#name = title
    for (const [signal, handler] of this.#handlers) process.on(signal, handler)
    process.on('exit', this.#onExit)
  }

  readonly #onExit = (): void => this.#socket?.remove()

  /** Aborted when the user ends it before it serves. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** @throws {@link UsageError} When a name that was asked for is taken. */
  async openSocket(wanted: string | undefined): Promise<void> {
    if (process.platform === 'win32') return
    try {
      const folder = openControlFolder()
      const names = { wanted: wanted ?? this.#title, hasFallback: wanted === undefined }
      const { name, socket } = await openControlSocket(folder, names, (own) => {
        this.#name = own
        return (request) => this.#answer(request.command)
      })
      this.#name = name
      this.#socket = socket
    } catch (error) {
      // Servers serve without it too, unless the name was what the user wanted.
      if (!(error instanceof MissingError) || wanted !== undefined) throw error
      this.#status.warn(`${error.message}. Until then there is no eisenmp reload and no eisenmp ps for these servers`)
    }
  }

  begin(servers: Servers): void {
    this.#servers = servers
    servers.on('ready', ({ worker, generation, pid }) => {
      if (!this.#isReloading) this.#status.tell(`${worker} is ready, life ${generation}, pid ${pid}`)
    })
    servers.on('draining', ({ worker, generation, reason }) => {
      this.#leaving.add(`${worker} ${generation}`)
      if (!this.#isReloading && this.exitCode === undefined) this.#status.tell(`${worker} drains: ${reason}`)
    })
    servers.on('gone', ({ worker, generation, reason }) => {
      if (!this.#leaving.delete(`${worker} ${generation}`)) this.#status.warn(`${worker} has ended: ${reason}`)
      // Its restart is decided right after this.
      setImmediate(() => this.#checkEnd())
    })
    servers.on('failed', ({ worker, error }) => {
      this.#status.showError(`${worker} has crashed too often and is not started again`, error)
      setImmediate(() => this.#checkEnd())
    })
    servers.on('reloaded', ({ report, error }) => this.#tellReload(report, error))
    this.#status.showStart(this.#readState(servers), this.#socket !== undefined)
  }

  /** Reloads when code in the folder changes. */
  watch(folder: string): void {
    this.#watch = new FileWatch(folder, () => void this.#follow())
    this.#status.tell(`watches ${folder}`)
  }

  /** Nothing started: leaves no trace. */
  release(): void {
    this.#watch?.close()
    this.#socket?.remove()
    process.off('exit', this.#onExit)
    for (const [signal, handler] of this.#handlers) process.off(signal, handler)
  }

  #readState({ plan, stats }: Servers): ProgramState {
    const { backend, workers } = stats.call(this.#servers!)
    return {
      name: this.#name,
      pid: process.pid,
      backend,
      module: this.#title,
      uptimeMs: Math.round(performance.now() - this.#startedAt),
      workers,
      addresses: plan,
    }
  }

  async #answer(command: 'ps' | 'reload'): Promise<ControlAnswer> {
    const servers = this.#servers
    if (servers === undefined) throw new Error('it is still starting')
    if (command === 'ps') return { kind: 'state', state: this.#readState(servers) }
    return { kind: 'reloaded', report: await this.#reload(servers) }
  }

  async #reload(servers: Servers): Promise<ReloadReport> {
    this.#isReloading = true
    try {
      const report = await servers.reload()
      this.#tellReload(report, undefined)
      return report
    } catch (error) {
      this.#tellReload(undefined, error)
      throw error
    } finally {
      this.#isReloading = false
    }
  }

  #tellReload(report: ReloadReport | undefined, error: unknown): void {
    if (this.exitCode !== undefined) return
    if (report === undefined) return this.#status.showError('Not reloaded, the workers of before go on', error)
    const cut = report.cutRequests === 0 ? '' : `, ${report.cutRequests} requests were cut`
    this.#status.tell(`${report.replaced} workers replaced in ${(report.ms / 1000).toFixed(1)} s${cut}`)
  }

  /** One reload after another, however often files change. */
  async #follow(): Promise<void> {
    this.#isStale = true
    if (this.#isReloading) return
    while (this.#isStale && this.exitCode === undefined) {
      this.#isStale = false
      // What went wrong has been said; the next change may mend it.
      await this.#reload(this.#servers!).catch(() => {})
    }
  }

  /** When no worker is left, and none will come, there is nothing to wait for; with a watch, a change may help. */
  #checkEnd(): void {
    if (this.exitCode !== undefined || this.#watch !== undefined || this.#isReloading) return
    const states = this.#servers!.stats().workers.map(({ state }) => state)
    if (!states.every((state) => state === 'failed' || state === 'ended' || state === 'retired')) return
    this.exitCode = states.includes('failed') ? 1 : 0
    this.#status.warn('No worker is left')
    void this.#servers!.close().then(() => process.exit(this.exitCode))
  }

  /** The first time drains, the second time ends at once. */
  #end(signal: EndSignal): void {
    const servers = this.#servers
    const isSecond = this.exitCode !== undefined
    this.exitCode = exitCodes[signal]
    this.#abort.abort(new UsageError(signal))
    this.#watch?.close()
    if (servers === undefined) {
      if (isSecond) process.exit(this.exitCode)
      return
    }
    if (!isSecond) this.#status.tell('drains; once more ends it at once')
    const ended = isSecond ? Promise.race([servers.destroy(), sleep(1000)]) : servers.close()
    void ended.then(() => process.exit(this.exitCode))
  }
}
