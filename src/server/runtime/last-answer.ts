import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A client that goes on with its upload after its answer is listened to for so long. */
const LINGER_MS = 1000

/**
 * Node closes a connection after its last answer also while the rest of the request still comes in; the system then
 * resets it, and the client may never read that answer. So the rest is read, for a while.
 */
export function lingerOnEnd(socket: Socket, request: IncomingMessage): void {
  if (request.complete || Object.hasOwn(socket, 'destroySoon')) return
  const destroySoon = socket.destroySoon.bind(socket)
  socket.destroySoon = (): void => {
    if (request.complete || socket.destroyed) return destroySoon()
    socket.end()
    const timer = setTimeout(() => socket.destroy(), LINGER_MS)
    const finish = (): void => {
      clearTimeout(timer)
      destroySoon()
    }
    request.once('end', finish).once('close', finish).resume()
  }
}

const connectionHeaders: ReadonlySet<unknown> = new Set(['connection', 'keep-alive'])

function isAboutConnection(name: unknown): boolean {
  return typeof name === 'string' && connectionHeaders.has(name.toLowerCase())
}

/** Node takes an object, a flat list, or a list of pairs. */
function dropConnection(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers
  if (!Array.isArray(headers)) return Object.fromEntries(Object.entries(headers).filter(([k]) => !isAboutConnection(k)))
  const list = headers as readonly unknown[]
  if (Array.isArray(list[0])) return list.filter((pair) => !isAboutConnection((pair as readonly unknown[])[0]))
  const kept: unknown[] = []
  for (let i = 0; i < list.length; i += 2) if (!isAboutConnection(list[i])) kept.push(list[i], list[i + 1])
  return kept
}

/**
 * Makes an answer whose headers are not sent yet say `Connection: close`, whatever the user's code says about it.
 *
 * @param isLast - Asked when the headers are written: no later request of this connection waits for its answer.
 */
export function closeAfter(response: ServerResponse, request: IncomingMessage, isLast: () => boolean): void {
  const writeHead = response.writeHead.bind(response) as (...args: readonly unknown[]) => ServerResponse
  const writeLast = (...args: readonly unknown[]): ServerResponse => {
    if (response.headersSent || !isLast()) return writeHead(...args)
    response.shouldKeepAlive = false
    // Only one that was set by setHeader() is stronger than that.
    if (response.hasHeader('connection')) response.setHeader('connection', 'close')
    response.removeHeader('keep-alive')
    lingerOnEnd(request.socket, request)
    return writeHead(...args.map(dropConnection))
  }
  response.writeHead = writeLast
}
