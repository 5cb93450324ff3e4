import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { isIP } from 'node:net'
import { VERSION } from '../internal/version.ts'
import { type ResolveHost, checkAddresses, createCheckedLookup, resolveHost } from './checked-lookup.ts'
import { FetchRefusal } from './refusals.ts'
import { type AddressKind, readHost } from './host-address.ts'

/** Of one module. */
export const MAX_MODULE_BYTES: number = 5 * 2 ** 20
const DEADLINE_MS = 10_000

export interface FetchOptions {
  /** Addresses that may be asked. */
  readonly allowed: readonly AddressKind[]
  readonly signal?: AbortSignal | undefined
  readonly deadlineMs?: number
  readonly maxBytes?: number
  /** Certificates to trust, beside those of Node. */
  readonly ca?: string
  readonly resolve?: ResolveHost
}

function open(url: URL, options: FetchOptions, signal: AbortSignal): ClientRequest {
  const { allowed, ca, resolve = resolveHost } = options
  const host = readHost(url)
  // For an address nothing is looked up.
  if (isIP(host) !== 0) checkAddresses(host, [host], allowed)
  const settings: RequestOptions = {
    method: 'GET',
    // One connection for each module, that ends with it, and none that others have opened.
    agent: false,
    lookup: createCheckedLookup(allowed, resolve),
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': `eisenmp/${VERSION}` },
    // The program may have been started with --insecure-http-parser.
    insecureHTTPParser: false,
    signal,
  }
  // Loading them takes time that programs without modules from the network need not spend.
  if (url.protocol === 'http:') return process.getBuiltinModule('node:http').request(url, settings)
  // Neither a variable of the environment nor a setting of the agent may switch this off.
  const tls = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) }
  return process.getBuiltinModule('node:https').request(url, { ...settings, ...tls })
}

function showHeader(value: string | undefined): string {
  return JSON.stringify((value ?? '').slice(0, 200))
}

function checkHead({ statusCode = 0, headers }: IncomingMessage, maxBytes: number): void {
  if (statusCode >= 300 && statusCode < 400) {
    const to = showHeader(headers.location)
    throw new FetchRefusal(
      `it is redirected to ${to}`,
      'redirects are not followed; give the address where it really is',
    )
  }
  if (statusCode !== 200) throw new FetchRefusal(`the server answered with status ${statusCode}`, 'check the address')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    const repair = 'nothing was unpacked; let the server heed accept-encoding: identity'
    throw new FetchRefusal(`the server packed it, with content-encoding ${showHeader(encoding)}`, repair)
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw explainSize(maxBytes)
}

function explainSize(maxBytes: number): FetchRefusal {
  return new FetchRefusal(`it has more than ${maxBytes} bytes`, 'a module may not be larger; split it, or load a file')
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Uint8Array>) {
    length += part.length
    if (length > maxBytes) throw explainSize(maxBytes)
    parts.push(part)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function awaitResponse(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    // Stays: an error may also come later, when the response has had it already.
    request.on('error', reject)
    request.end()
  })
}

/**
 * Gets the bytes of one module. Follows no redirect, unpacks nothing, and connects only to addresses that were checked
 * after the name was resolved.
 *
 * @throws FetchRefusal telling what is wrong; or the reason of `signal`. The connection is closed.
 */
export async function fetchBytes(url: URL, options: FetchOptions): Promise<Uint8Array> {
  const { maxBytes = MAX_MODULE_BYTES, deadlineMs = DEADLINE_MS, signal } = options
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), deadlineMs)
  const signals = signal === undefined ? [deadline.signal] : [signal, deadline.signal]
  let request: ClientRequest | undefined
  try {
    request = open(url, options, AbortSignal.any(signals))
    const response = await awaitResponse(request)
    checkHead(response, maxBytes)
    return await readBody(response, maxBytes)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof FetchRefusal) throw error
    if (deadline.signal.aborted) {
      throw new FetchRefusal(`it has not arrived within ${deadlineMs} ms`, 'check the server, or load a file', error)
    }
    throw new FetchRefusal(error instanceof Error ? describeFailure(error) : String(error), 'check the address', error)
  } finally {
    clearTimeout(timer)
    request?.destroy()
  }
}

/** When several addresses of a host were tried in vain, the error has no text of its own. */
function describeFailure(error: Error): string {
  const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error]
  return errors.map(({ message }) => message).join(', ')
}
