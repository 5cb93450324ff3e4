import { type IncomingMessage, Server as HttpServer, type ServerResponse } from 'node:http'
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { Server as HttpsServer } from 'node:https'
import { Server, type Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import type { ServerLimits } from '../service-spec.ts'
import { limitBody, readContentLength, refuseBody } from './body-limit.ts'
import { Connection } from './connection.ts'
import { refuseConnection } from './raw-answers.ts'

type Emit = (event: string | symbol, ...args: unknown[]) => boolean

/** Both ends of an open connection, which the encrypted and the decrypted side have in common. */
function nameEnds(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress}`
}

/**
 * Knows all connections of a server of the user's, of whatever kind, and what is under way on them. It hears the events
 * of the server before the user's listeners do, and keeps those from them that the limits refuse.
 */
export class ServerWatch {
  readonly server: Server
  readonly connections: Set<Connection> = new Set()
  readonly speaksHttp: boolean
  readonly speaksHttp2: boolean
  readonly isTls: boolean
  requests = 0
  /** Called when a connection is gone. */
  onClosed: () => void = () => {}
  readonly #limits: Pick<ServerLimits, 'maxBodyBytes' | 'maxConnections'>
  readonly #countsChunks: boolean
  readonly #bySocket = new WeakMap<object, Connection>()
  readonly #byEnds = new Map<string, Connection>()
  readonly #emit: Emit
  #graceMs: number | undefined

  /** @param countsChunks - Bodies of unknown length are limited here, and not by what answers. */
  constructor(server: Server, limits: Pick<ServerLimits, 'maxBodyBytes' | 'maxConnections'>, countsChunks = true) {
    this.server = server
    this.#limits = limits
    this.#countsChunks = countsChunks
    this.isTls = server instanceof TlsServer
    this.speaksHttp2 = 'updateSettings' in server
    this.speaksHttp = server instanceof HttpServer || server instanceof HttpsServer || this.speaksHttp2
    this.#emit = (server.emit as Emit).bind(server)
    const emit: Emit = (event, ...args) => (this.#see(event, args) ? this.#emit(event, ...args) : true)
    server.emit = emit as typeof server.emit
    if (this.speaksHttp) this.#askBeforeContinue()
  }

  get active(): number {
    let active = 0
    for (const connection of this.connections) active += connection.active
    return active
  }

  /** Gives the server a connection that nobody counts. */
  insert(socket: object): void {
    this.#emit(this.isTls ? 'secureConnection' : 'connection', socket)
  }

  /** Takes no new connection; those that wait in the queue of a shared socket are left to others. */
  stopListening(): void {
    // That of http would destroy idle connections at once, on which the next request may be on its way.
    if (this.server.listening) Server.prototype.close.call(this.server)
  }

  startDrain(graceMs: number): void {
    this.#graceMs = graceMs
    // The user's code may call close() now, which would not wait for the next requests of idle connections.
    if ('closeIdleConnections' in this.server) Object.assign(this.server, { closeIdleConnections: () => {} })
    for (const connection of this.connections) connection.startDrain(graceMs)
  }

  /** Ends all at once. */
  destroy(): void {
    this.stopListening()
    for (const { socket } of this.connections) socket.destroy()
  }

  /** A body that will be refused is not asked for. Node's own answer would come before the event. */
  #askBeforeContinue(): void {
    const { server } = this
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (server.listenerCount('checkContinue') > 1) return
      response.writeContinue()
      server.emit('request', request, response)
    })
  }

  /** @returns Whether the user's server may hear of it. */
  #see(event: string | symbol, args: readonly unknown[]): boolean {
    switch (event) {
      case 'connection':
        return this.#connect(args[0] as Socket)
      case 'secureConnection':
        this.#secure(args[0] as Socket)
        return true
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        return this.#request(args[0] as IncomingMessage, args[1] as ServerResponse)
      case 'upgrade':
      case 'connect':
        this.#find((args[0] as IncomingMessage).socket)?.upgrade((args[0] as IncomingMessage).headers.upgrade)
        return true
      case 'session':
        this.#open(args[0] as Http2Session)
        return true
      case 'stream':
        return this.#stream(args[0] as ServerHttp2Stream, args[1] as IncomingHttpHeaders)
      default:
        return true
    }
  }

  #connect(socket: Socket): boolean {
    const { maxConnections } = this.#limits
    if (this.server.maxConnections === undefined && this.connections.size >= maxConnections) {
      refuseConnection(socket, this.speaksHttp && !this.isTls && !this.speaksHttp2)
      return false
    }
    const connection = new Connection(socket, this.speaksHttp)
    // To ask for them takes two calls of the system: only where both sides must be joined.
    const ends = this.isTls || this.speaksHttp2 ? nameEnds(socket) : undefined
    this.connections.add(connection)
    this.#bySocket.set(socket, connection)
    if (ends !== undefined) this.#byEnds.set(ends, connection)
    socket.once('close', () => {
      this.connections.delete(connection)
      if (ends !== undefined && this.#byEnds.get(ends) === connection) this.#byEnds.delete(ends)
      this.onClosed()
    })
    if (this.#graceMs !== undefined) connection.startDrain(this.#graceMs)
    return true
  }

  #secure(socket: Socket): void {
    const connection = this.#byEnds.get(nameEnds(socket))
    if (connection === undefined) return
    connection.socket = socket
    this.#bySocket.set(socket, connection)
  }

  #open(session: Http2Session): void {
    const connection = this.#byEnds.get(nameEnds(session.socket))
    if (connection === undefined) return
    connection.adoptSession(session)
    this.#bySocket.set(session, connection)
  }

  #find(socket: object | null | undefined): Connection | undefined {
    return socket === null || socket === undefined ? undefined : this.#bySocket.get(socket)
  }

  #request(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.httpVersionMajor > 1) return true
    const connection = this.#find(request.socket)
    if (connection?.begin(request, response) !== true) return true
    this.requests += 1
    const { maxBodyBytes } = this.#limits
    const length = readContentLength(request.headers)
    if (length !== undefined && length > maxBodyBytes) {
      refuseBody(request, response)
      return false
    }
    const isUnknown = length === undefined && request.headers['transfer-encoding'] !== undefined
    if (isUnknown && this.#countsChunks && maxBodyBytes !== Infinity) limitBody(request, response, maxBodyBytes)
    return true
  }

  #stream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
    const connection = this.#find(stream.session)
    if (connection?.beginStream(stream) !== true) return true
    this.requests += 1
    if ((readContentLength(headers) ?? 0) <= this.#limits.maxBodyBytes) return true
    stream.respond({ ':status': 413 })
    stream.end('Content Too Large\n')
    return false
  }
}
