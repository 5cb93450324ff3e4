import { type Socket, connect } from 'node:net'
import { type AnswerHead, AnswerReader } from './http-answer.ts'

/** What is asked, by how many, how often. Times in ms. */
export interface LoadPlan {
  readonly address: string
  /** Connections are spread over them. */
  readonly ports: readonly number[]
  /** `new`: one connection for each request. */
  readonly connections: 'keep' | 'new'
  /** How many clients; each has one request in flight, or thinks. */
  readonly clients: number
  /** Between an answer and the next request. */
  readonly thinkMs: number
  readonly path: string
  /** Sent with POST. */
  readonly body?: string
  /** A request without answer has failed after this time. */
  readonly timeoutMs?: number
}

/** The usual loads; a spread of one of them wants `address`, `ports` and `path`. */
export const LOADS = {
  keepAlive: { connections: 'keep', clients: 32, thinkMs: 5 },
  newConnections: { connections: 'new', clients: 48, thinkMs: 0 },
  long: { connections: 'keep', clients: 8, thinkMs: 0 },
} as const satisfies Record<string, Omit<LoadPlan, 'address' | 'ports' | 'path'>>

/** Why a request failed. `status`: it was answered, with 400 or more. */
export type FailureKind = 'refused' | 'reset' | 'closed' | 'timeout' | 'status' | 'other'

export interface LoadFailure {
  readonly kind: FailureKind
  readonly reason: string
  /** Since the start. */
  readonly atMs: number
  readonly port: number
  /** It was the first request of its connection. */
  readonly isFirst: boolean
  /** Something of the answer had come. */
  readonly hasBegun: boolean
}

/** One worker as the clients saw it, by the header `x-worker`. Times since the start. */
export interface SeenWorker {
  readonly worker: string
  readonly firstMs: number
  lastMs: number
  requests: number
}

export interface LoadReport {
  /** When it started, on the clock of `Date.now()`, with fractions. */
  readonly startedAt: number
  readonly durationMs: number
  readonly ok: number
  readonly failed: number
  /** The first thousand. */
  readonly failures: readonly LoadFailure[]
  readonly byKind: Readonly<Partial<Record<FailureKind, number>>>
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** For each second since the start. */
  readonly timeline: readonly { readonly ok: number; readonly failed: number }[]
  readonly workers: readonly SeenWorker[]
  /** How many connections were made. */
  readonly connected: number
}

const MOST_FAILURES = 1000
const SWEEP_MS = 50

function toKind(code: string | undefined): FailureKind {
  if (code === 'ECONNREFUSED') return 'refused'
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'reset' : 'other'
}

/** Counts what happens to all clients. */
class Tally {
  readonly startedAt = performance.timeOrigin + performance.now()
  readonly #start = performance.now()
  readonly #latencies: number[] = []
  readonly failures: LoadFailure[] = []
  readonly #byKind: Partial<Record<FailureKind, number>> = {}
  readonly #timeline: { ok: number; failed: number }[] = []
  readonly #workers = new Map<string, SeenWorker>()
  failed = 0
  connected = 0

  get ok(): number {
    return this.#latencies.length
  }

  get workers(): readonly SeenWorker[] {
    return [...this.#workers.values()]
  }

  #secondOf(atMs: number): { ok: number; failed: number } {
    const second = Math.floor(atMs / 1000)
    while (this.#timeline.length <= second) this.#timeline.push({ ok: 0, failed: 0 })
    return this.#timeline[second]!
  }

  addAnswer(latencyMs: number, worker: string | undefined): void {
    const atMs = performance.now() - this.#start
    this.#latencies.push(latencyMs)
    this.#secondOf(atMs).ok += 1
    if (worker === undefined) return
    const seen = this.#workers.get(worker)
    if (seen === undefined) this.#workers.set(worker, { worker, firstMs: atMs, lastMs: atMs, requests: 1 })
    else {
      seen.lastMs = atMs
      seen.requests += 1
    }
  }

  addFailure(failure: Omit<LoadFailure, 'atMs'>): void {
    const atMs = performance.now() - this.#start
    this.failed += 1
    this.#byKind[failure.kind] = (this.#byKind[failure.kind] ?? 0) + 1
    this.#secondOf(atMs).failed += 1
    if (this.failures.length < MOST_FAILURES) this.failures.push({ ...failure, atMs })
  }

  report(): LoadReport {
    const durationMs = performance.now() - this.#start
    const sorted = this.#latencies.toSorted((a, b) => a - b)
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    return {
      startedAt: this.startedAt,
      durationMs,
      ok: this.ok,
      failed: this.failed,
      failures: this.failures,
      byKind: this.#byKind,
      requestsPerSecond: this.ok / (durationMs / 1000),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      maxMs: sorted.at(-1) ?? 0,
      timeline: this.#timeline,
      workers: this.workers,
      connected: this.connected,
    }
  }
}

/** One client: a request, its answer, a pause, and again. */
class LoadClient {
  readonly #plan: LoadPlan
  readonly #port: number
  readonly #tally: Tally
  readonly #request: string
  readonly #done = Promise.withResolvers<void>()
  #socket: Socket | undefined
  #reader = new AnswerReader()
  /** When the request under way was sent; `undefined`: none is. */
  #sentAt: number | undefined
  #isFirst = true
  #stops = false
  #pause: NodeJS.Timeout | undefined

  constructor(plan: LoadPlan, port: number, tally: Tally) {
    this.#plan = plan
    this.#port = port
    this.#tally = tally
    const { path, body = '', connections, address } = plan
    const host = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
    const head = [`${plan.body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`, `Host: ${host}`]
    if (connections === 'new') head.push('Connection: close')
    if (plan.body !== undefined) head.push(`Content-Length: ${Buffer.byteLength(body)}`)
    this.#request = `${head.join('\r\n')}\r\n\r\n${body}`
  }

  ask(): void {
    if (this.#stops) return this.#done.resolve()
    this.#sentAt = performance.now()
    this.#isFirst = this.#socket === undefined
    this.#socket ??= this.#open()
    this.#socket.write(this.#request)
  }

  /** Lets the request under way end. */
  stop(): Promise<void> {
    this.#stops = true
    if (this.#sentAt === undefined) {
      clearTimeout(this.#pause)
      this.#done.resolve()
    }
    return this.#done.promise.finally(() => this.#drop())
  }

  checkTime(now: number): void {
    const { timeoutMs = 5000 } = this.#plan
    if (this.#sentAt !== undefined && now - this.#sentAt > timeoutMs) this.#fail('timeout', `${timeoutMs} ms`)
  }

  #open(): Socket {
    const socket = connect({ host: this.#plan.address, port: this.#port, noDelay: true })
    this.#reader = new AnswerReader()
    // What an old socket says does not concern the request on a new one.
    const isOld = (): boolean => this.#socket !== socket
    socket.on('connect', () => (this.#tally.connected += 1))
    socket.on('data', (chunk: Buffer) => {
      if (isOld() || this.#sentAt === undefined) return
      this.#take(chunk)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!isOld()) this.#lose(toKind(error.code), error.code ?? error.message)
    })
    socket.on('end', () => {
      if (isOld()) return
      const head = this.#sentAt === undefined ? undefined : this.#reader.end()
      if (head !== undefined) this.#answer(head)
      else this.#lose('closed', 'the server ended the connection')
    })
    socket.on('close', () => {
      if (!isOld()) this.#lose('closed', 'the connection has closed')
    })
    return socket
  }

  #take(chunk: Buffer): void {
    try {
      const head = this.#reader.push(chunk)
      if (head !== undefined) this.#answer(head)
    } catch (error) {
      this.#fail('other', String(error))
    }
  }

  #answer(head: AnswerHead): void {
    if (head.status >= 400) return this.#fail('status', String(head.status))
    this.#tally.addAnswer(performance.now() - this.#sentAt!, head.worker)
    this.#sentAt = undefined
    if (head.closes || this.#plan.connections === 'new') this.#drop()
    this.#next(this.#plan.thinkMs)
  }

  /** A connection that closes while no request is on its way does no harm: the next request opens one. */
  #lose(kind: FailureKind, reason: string): void {
    if (this.#sentAt === undefined) this.#drop()
    else this.#fail(kind, reason)
  }

  #fail(kind: FailureKind, reason: string): void {
    const { hasBegun } = this.#reader
    this.#tally.addFailure({ kind, reason, port: this.#port, isFirst: this.#isFirst, hasBegun })
    this.#sentAt = undefined
    this.#drop()
    // Refusals come at once: without a pause they would be counted by the thousand.
    this.#next(Math.max(5, this.#plan.thinkMs))
  }

  #next(afterMs: number): void {
    if (this.#stops) this.#done.resolve()
    else if (afterMs === 0) this.ask()
    else this.#pause = setTimeout(() => this.ask(), afterMs)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
  }
}

/**
 * Asks an HTTP/1.1 server from outside and counts what fails: refused, reset or closed before the whole answer, no answer in time,
 * or a status of 400 and more.
 *
 * That a server closes an idle connection is no failure; that it closes one on which a request is just written is.
 */
export class HttpLoad {
  readonly #tally = new Tally()
  readonly #clients: readonly LoadClient[]
  readonly #sweep: NodeJS.Timeout

  constructor(plan: LoadPlan) {
    if (plan.ports.length === 0) throw new Error('Cannot load a server without a port')
    this.#clients = Array.from({ length: plan.clients }, (_, i) => {
      return new LoadClient(plan, plan.ports[i % plan.ports.length]!, this.#tally)
    })
    this.#sweep = setInterval(() => {
      const now = performance.now()
      for (const client of this.#clients) client.checkTime(now)
    }, SWEEP_MS)
    for (const client of this.#clients) client.ask()
  }

  /** Answers so far. */
  get ok(): number {
    return this.#tally.ok
  }

  /** Requests that have failed so far. */
  get failed(): number {
    return this.#tally.failed
  }

  get failures(): readonly LoadFailure[] {
    return this.#tally.failures
  }

  get workers(): readonly SeenWorker[] {
    return this.#tally.workers
  }

  /** Sends no more requests, and gives the report once those under way have ended. */
  async stop(): Promise<LoadReport> {
    await Promise.all(this.#clients.map((client) => client.stop()))
    clearInterval(this.#sweep)
    return this.#tally.report()
  }
}
