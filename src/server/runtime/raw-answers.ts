import type { Socket } from 'node:net'

/** Time for a client to read why it was turned away. */
const LINGER_MS = 500
/** Refused connections that get an answer at a time; beyond them the door is shut without a word. */
const MAX_REFUSALS = 100

const texts = { 413: 'Content Too Large', 503: 'Service Unavailable' } as const

let refusals = 0

/** An answer past the http server, and the end of the connection. */
export function answerRaw(socket: Socket, status: keyof typeof texts): void {
  const body = `${texts[status]}\n`
  const extra = status === 503 ? 'Retry-After: 1\r\n' : ''
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 ${status} ${texts[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n${extra}` +
      `Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

/** One connection too many. `isPlain`: it can be told so in HTTP. */
export function refuseConnection(socket: Socket, isPlain: boolean): void {
  if (!isPlain || refusals >= MAX_REFUSALS) {
    socket.destroy()
    return
  }
  refusals += 1
  socket.once('close', () => {
    refusals -= 1
  })
  answerRaw(socket, 503)
  // What was sent is read, so that closing does not reset.
  socket.resume()
}
