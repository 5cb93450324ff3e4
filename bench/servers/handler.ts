import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { threadId } from 'node:worker_threads'

const worker = `${process.pid}-${threadId}`
const block = Buffer.alloc(1 << 20, 1)

/** The server that every candidate runs: the path says what a request takes. */
export function handle(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('x-worker', worker)
  switch (request.url) {
    case '/timer':
      setTimeout(() => response.end('hello'), 5)
      return
    case '/cpu':
      response.end(createHash('sha256').update(block).digest('hex'))
      return
    case '/long':
      setTimeout(() => response.end('hello'), 3000)
      return
    case '/throw':
      // After its own answer, so that what is lost belongs to others.
      response.end('hello', () => {
        setTimeout(() => {
          throw new Error('nobody catches this')
        }, 20)
      })
      return
    default:
      response.end('hello')
  }
}
