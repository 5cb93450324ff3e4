import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'
import { createServer } from 'node:http'
import type { ServerLimits } from '../service-spec.ts'

type Timed = Pick<
  HttpServer,
  'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout' | 'maxConnections' | 'maxRequestsPerSocket'
> & {
  maxHeaderSize?: number | undefined
  connectionsCheckingInterval?: number
}

/** Node looks for late requests so often at least. */
const CHECK_MS = 100

/** Sets what the user's server has left at Node's default. Before it listens: the interval of the checks is read then. */
export function applyLimits(server: Server, limits: ServerLimits): void {
  if (!('headersTimeout' in server)) return
  const timed = server as unknown as Timed
  if (timed.headersTimeout === undefined) return
  const plain = createServer() as unknown as Timed
  const isUntouched = (key: keyof Timed): boolean => timed[key] === plain[key]
  if (isUntouched('requestTimeout')) timed.requestTimeout = limits.requestTimeoutMs
  if (isUntouched('headersTimeout')) timed.headersTimeout = limits.headersTimeoutMs
  // Where the time for headers is the longer one, Node takes it for the other.
  if (timed.requestTimeout > 0) timed.headersTimeout = Math.min(timed.headersTimeout, timed.requestTimeout)
  if (isUntouched('keepAliveTimeout')) timed.keepAliveTimeout = limits.keepAliveTimeoutMs
  if (timed.maxHeaderSize === undefined) timed.maxHeaderSize = limits.maxHeaderBytes
  if (isUntouched('connectionsCheckingInterval')) {
    const shortest = Math.min(timed.headersTimeout || Infinity, timed.requestTimeout || Infinity)
    const usual = plain.connectionsCheckingInterval ?? Infinity
    timed.connectionsCheckingInterval = Math.min(usual, Math.max(CHECK_MS, Math.ceil(shortest / 4)))
  }
}
