import { createHash } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

type Answer = string | Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void)

export function pinOf(bytes: string | Uint8Array, algorithm = 'sha384'): string {
  return `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`
}

/** Serves modules by path, and misbehaves by functions. Counts who comes. */
export class ModuleServer {
  readonly requests: string[] = []
  readonly heads: IncomingMessage['headers'][] = []
  connections = 0
  readonly #answers = new Map<string, Answer>()
  readonly #server: Server
  readonly #scheme: string

  constructor(tls?: { readonly key: string; readonly cert: string }) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response)
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
    this.#scheme = tls === undefined ? 'http' : 'https'
    this.#server.on('connection', () => (this.connections += 1))
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Puts something at a path and gives its address. */
  put(path: string, answer: Answer, host = '127.0.0.1'): string {
    this.#answers.set(path, answer)
    return `${this.#scheme}://${host}:${this.port}${path}`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    this.requests.push(path)
    this.heads.push(request.headers)
    response.on('error', () => {})
    const answer = this.#answers.get(path)
    if (typeof answer === 'function') return answer(request, response)
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'text/javascript' }).end(answer)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
