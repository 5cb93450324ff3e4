import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { closeAfter } from './last-answer.ts'

/** The largest number of a stream: all that are under way, and those that cross this message, are still answered. */
const NO_LAST_STREAM = 2 ** 31 - 1
/** A WebSocket's close frame: final, opcode 8, two bytes, 1001 "going away". */
const GOING_AWAY: Uint8Array = Buffer.from([0x88, 0x02, 0x03, 0xe9])

function isEventStream(response: ServerResponse): boolean {
  // Handlers that give all headers at once leave nothing that getHeader() could find.
  const sent: unknown = Reflect.get(response, '_header')
  return response.headersSent && typeof sent === 'string' && /^content-type: *text\/event-stream/im.test(sent)
}

/** One connection: what is under way on it, and how it ends. */
export class Connection {
  /** Of a TLS connection the decrypted side, once there is one. */
  socket: Socket
  session: Http2Session | undefined
  readonly #speaksHttp: boolean
  readonly #responses = new Map<ServerResponse, IncomingMessage>()
  readonly #streams = new Set<ServerHttp2Stream>()
  #newest: ServerResponse | undefined
  #upgrade: 'websocket' | 'tunnel' | undefined
  /** Bytes read when the last request ended: more than that is the beginning of another. */
  #mark = 0
  /** Set while it drains. */
  #graceMs: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(socket: Socket, speaksHttp: boolean) {
    this.socket = socket
    this.#speaksHttp = speaksHttp
    socket.once('close', () => clearTimeout(this.#timer))
  }

  get active(): number {
    return this.#responses.size + this.#streams.size
  }

  /** @returns Whether it is a request that was not known yet. */
  begin(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#responses.has(response)) return false
    this.#responses.set(response, request)
    this.#newest = response
    response.once('close', () => this.#settle(request, response))
    if (this.#graceMs !== undefined) this.#closeAfter(response, request)
    return true
  }

  beginStream(stream: ServerHttp2Stream): boolean {
    if (this.#streams.has(stream)) return false
    this.#streams.add(stream)
    stream.once('close', () => {
      this.#streams.delete(stream)
      this.#end()
    })
    return true
  }

  upgrade(protocol: string | undefined): void {
    this.#upgrade = protocol?.toLowerCase() === 'websocket' ? 'websocket' : 'tunnel'
    clearTimeout(this.#timer)
  }

  /** Answers say that they are the last from now on, and an idle connection waits for one more request for so long. */
  startDrain(graceMs: number): void {
    if (this.#graceMs !== undefined) return
    this.#graceMs = graceMs
    for (const [response, request] of this.#responses) this.#closeAfter(response, request)
    this.session?.goaway(0, NO_LAST_STREAM)
    this.#rest()
  }

  adoptSession(session: Http2Session): void {
    this.session = session
    if (this.#graceMs !== undefined) session.goaway(0, NO_LAST_STREAM)
  }

  /**
   * Ends it, whatever it does: event streams with their last chunk whole, WebSockets with 1001, all else as it is.
   *
   * @returns How many requests were cut.
   */
  cut(): number {
    if (this.socket.destroyed) return 0
    if (this.#upgrade !== undefined) return this.#endUpgraded()
    let cutRequests = this.#streams.size
    let ending = 0
    for (const response of this.#responses.keys()) {
      if (isEventStream(response) && this.#responses.size === 1) {
        ending += 1
        // What its owner writes from now on is too late, and no reason for anything.
        response.on('error', () => {})
        response.end(() => this.socket.destroySoon())
      } else cutRequests += 1
    }
    if (ending > 0) return cutRequests
    if (!this.#speaksHttp || this.#isHalfReceived()) cutRequests = Math.max(1, cutRequests)
    this.session?.destroy()
    if (cutRequests > 0) this.socket.destroy()
    else this.socket.destroySoon()
    return cutRequests
  }

  #endUpgraded(): number {
    const isWebSocket = this.#upgrade === 'websocket'
    if (isWebSocket && this.socket.writable) this.socket.write(GOING_AWAY)
    this.socket.end()
    return isWebSocket ? 0 : 1
  }

  #closeAfter(response: ServerResponse, request: IncomingMessage): void {
    closeAfter(response, request, () => this.#newest === response)
  }

  #settle(request: IncomingMessage, response: ServerResponse): void {
    const end = (): void => {
      if (this.#responses.delete(response)) this.#end()
    }
    if (request.complete || request.destroyed || this.socket.destroyed) return end()
    // Answered before the whole upload has come.
    request.once('end', end).once('close', end)
  }

  #isHalfReceived(): boolean {
    return this.session === undefined && this.active === 0 && this.socket.bytesRead > this.#mark
  }

  /** A request is over. */
  #end(): void {
    if (this.active > 0) return
    this.#mark = this.socket.bytesRead
    this.#rest()
  }

  /** When nothing is under way and it drains, the time for one more request begins. */
  #rest(): void {
    if (this.active > 0 || this.socket.destroyed) return
    if (this.#graceMs === undefined || this.#upgrade !== undefined || !this.#speaksHttp) return
    clearTimeout(this.#timer)
    // After a time in which the event loop was held up, timers come before what has been received meanwhile.
    this.#timer = setTimeout(() => setImmediate(() => this.#leave()), this.#graceMs)
  }

  #leave(): void {
    if (this.active > 0 || this.#upgrade !== undefined || this.socket.destroyed) return
    // Its streams end first, and new ones are refused in a way that tells the client to go elsewhere.
    if (this.session !== undefined) this.session.close()
    else if (!this.#isHalfReceived()) this.socket.destroySoon()
  }
}
