import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2'
import { Duplex } from 'node:stream'
import { describeThrown } from '../../internal/describe-thrown.ts'
import type { Beat } from '../service-messages.ts'
import type { ServerWatch } from './server-watch.ts'

/** What a health check has found. */
export type Health = NonNullable<Beat['health']>

/** One end of a connection inside this thread. Handlers find on it what they expect of a socket. */
class InnerEnd extends Duplex {
  readonly remoteAddress = '127.0.0.1'
  readonly remotePort = 0
  readonly localAddress = '127.0.0.1'
  readonly remoteFamily = 'IPv4'
  readonly encrypted: boolean
  readonly alpnProtocol: string | undefined
  other: InnerEnd | undefined
  #taken: (() => void) | undefined

  constructor(encrypted: boolean, alpnProtocol: string | undefined) {
    super({ allowHalfOpen: true })
    this.encrypted = encrypted
    this.alpnProtocol = alpnProtocol
  }

  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  destroySoon(): void {
    this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  override _read(): void {
    const taken = this.#taken
    this.#taken = undefined
    taken?.()
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: () => void): void {
    if (this.other!.push(chunk, encoding)) done()
    else this.other!.#taken = done
  }

  override _final(done: () => void): void {
    this.other!.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.other!.destroyed) this.other!.push(null)
    done(error)
  }
}

function createPair(encrypted: boolean, alpnProtocol: string | undefined): [InnerEnd, InnerEnd] {
  const pair: [InnerEnd, InnerEnd] = [new InnerEnd(encrypted, alpnProtocol), new InnerEnd(encrypted, alpnProtocol)]
  pair[0].other = pair[1]
  pair[1].other = pair[0]
  return pair
}

const HEADERS = { host: 'localhost', 'user-agent': 'eisenmp-health' }

function askHttp1(end: InnerEnd, path: string, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const headers = { ...HEADERS, connection: 'close' }
  const asked: ClientRequest = requestHttp({ path, headers, signal, createConnection: () => end })
  asked.once('error', reject).once('response', (response: IncomingMessage) => {
    resolve(response.statusCode ?? 0)
    // The body is of no interest, and may have no end.
    asked.destroy()
  })
  asked.end()
  return promise
}

function askHttp2(end: InnerEnd, path: string, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const session: ClientHttp2Session = connectHttp2('http://localhost', { createConnection: () => end })
  session.once('error', reject)
  const stream: ClientHttp2Stream = session.request({ ':path': path })
  stream.once('error', reject).once('response', (headers) => resolve(headers[':status'] ?? 0))
  signal.addEventListener('abort', () => reject(signal.reason))
  stream.end()
  return promise.finally(() => session.destroy())
}

/**
 * Asks a server for a path, on a connection that exists inside this thread only: nobody else can be on it, a full queue
 * of connections does not hinder it, and TLS and limits are not in its way. It is not counted as a request.
 */
export async function probe(watch: ServerWatch, path: string, timeoutMs: number): Promise<Health> {
  // A server with TLS and HTTP/2 may not know HTTP/1.
  const speaksHttp2 = watch.speaksHttp2
  const [inner, outer] = createPair(watch.isTls, speaksHttp2 ? 'h2' : undefined)
  inner.on('error', () => {})
  outer.on('error', () => {})
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    watch.insert(inner)
    return { status: await (speaksHttp2 ? askHttp2 : askHttp1)(outer, path, signal) }
  } catch (error) {
    const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : describeThrown(error)
    return { status: undefined, reason }
  } finally {
    clearTimeout(timer)
    inner.destroy()
    outer.destroy()
  }
}
