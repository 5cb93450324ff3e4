import type { IncomingMessage, ServerResponse } from 'node:http'
import { lingerOnEnd } from './last-answer.ts'
import { answerRaw } from './raw-answers.ts'

/** What a request says about the length of its body; `undefined` when it does not. */
export function readContentLength(headers: { readonly 'content-length'?: string | undefined }): number | undefined {
  const text = headers['content-length']
  return text === undefined ? undefined : Number(text)
}

/** 413, before anybody hears of the request. The client may go on sending for a moment and still reads the answer. */
export function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  lingerOnEnd(request.socket, request)
  response.shouldKeepAlive = false
  response.writeHead(413, { 'content-type': 'text/plain; charset=utf-8' })
  response.end('Content Too Large\n')
}

/**
 * Counts a body of unknown length while it comes in, without reading it. Beyond the limit the client gets 413 if nothing
 * was answered yet, and the connection ends: for the handler it is as if the client had left.
 */
export function limitBody(request: IncomingMessage, response: ServerResponse, maxBytes: number): void {
  const push = request.push.bind(request)
  let left = maxBytes
  const cut = (): void => {
    const { socket } = request
    // A pipelined answer that waits for its turn has no socket yet.
    if (response.headersSent || response.socket === null) socket.destroy()
    else answerRaw(socket, 413)
  }
  request.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (left < 0) return true
    if (chunk instanceof Uint8Array) left -= chunk.length
    if (left >= 0) return push(chunk, encoding)
    cut()
    // The rest is read and dropped until the connection ends.
    return true
  }
}
