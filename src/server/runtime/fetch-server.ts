import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { inspect } from 'node:util'
import { lingerOnEnd } from './last-answer.ts'
import type { FetchHandler } from './server-module.ts'
import type { ServerToolbox } from './server-toolbox.ts'

interface NodeContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' }

function isResponse(value: unknown): value is Response {
  if (value instanceof Response) return true
  // Those of frameworks and of other realms.
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value
}

/** The body was longer than it may be: the answer is the last on this connection, whose rest nobody reads. */
function answerTooLarge({ req, res }: NodeContext): Response {
  lingerOnEnd(req.socket, req)
  res.shouldKeepAlive = false
  return new Response('Content Too Large\n', { status: 413, headers: PLAIN })
}

/**
 * An http server around a fetch handler. What the handler throws is logged, and answered 500 without a word of it.
 *
 * @param maxBodyBytes - Reading more than this throws; a handler that lets it through answers 413.
 */
export async function createFetchServer(
  handler: FetchHandler,
  toolbox: ServerToolbox,
  maxBodyBytes: number,
): Promise<Server> {
  // Programs without a fetch handler do not load it.
  const { toNodeHandler } = await import('srvx/node')
  const answer = async (request: Request): Promise<Response> => {
    const { node } = (request as Request & { readonly runtime: { readonly node: NodeContext } }).runtime
    try {
      const response = await handler(request, toolbox)
      if (isResponse(response)) return response
      toolbox.log.error(`fetch() must return a Response; it returned ${inspect(response, { depth: 0 })}`)
    } catch (error) {
      if ((error as { readonly code?: unknown } | null)?.code === 'ERR_BODY_TOO_LARGE') return answerTooLarge(node)
      // The client has left, and the handler says so.
      if (!node.res.destroyed) toolbox.log.error(error)
    }
    return new Response('Internal Server Error\n', { status: 500, headers: PLAIN })
  }
  const limits = maxBodyBytes === Infinity ? {} : { maxRequestBodySize: maxBodyBytes }
  const handle = toNodeHandler(answer, {
    trustProxy: false,
    ...limits,
  }) as Handle
  return createServer((request, response) => void handle(request, response))
}
