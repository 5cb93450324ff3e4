import { MAX_TIMER_MS, type OptionRule, checkOptions, integer } from '../../options.ts'
import type { ServerLimits } from '../service-spec.ts'

/**
 * Limits of the http servers in the workers of `serve()`. They hold for each server by itself. Where a server of yours
 * has set one of them itself, to something else than Node's default, that stays. A net server knows `maxConnections` only.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION` for a misspelt name or a value out of range, before any worker starts.
 */
export interface ServerLimitOptions {
  /**
   * Time in ms from the connection, or from the end of the request before, until all headers have come. Beyond: 408,
   * and the connection is closed.
   *
   * @defaultValue 20,000 (Node's is 60,000)
   */
  readonly headersTimeoutMs?: number
  /**
   * Time in ms for a whole request with its body. Beyond: 408, and the connection is closed. 0: no limit. For uploads of
   * many gigabytes over slow lines make it longer.
   *
   * @defaultValue 300,000, as Node's
   */
  readonly requestTimeoutMs?: number
  /**
   * How long in ms an idle connection waits for its next request. It should be longer than that of the proxy in front.
   *
   * @defaultValue 65,000, longer than the 60 s of common proxies (Node's is 5,000)
   */
  readonly keepAliveTimeoutMs?: number
  /**
   * Bytes of all headers of a request. Beyond: 431.
   *
   * @defaultValue 16,384, as Node's
   */
  readonly maxHeaderBytes?: number
  /**
   * Bytes of a request's body. A `Content-Length` beyond it is answered 413 before your code hears of the request; a body
   * without one is cut when it gets longer. `Infinity`: no limit.
   *
   * @defaultValue 1,073,741,824 (1 GiB): large uploads pass, endless ones do not
   */
  readonly maxBodyBytes?: number
  /**
   * Open connections of one server. Beyond: 503 and closed, so that clients and proxies can go elsewhere.
   *
   * @defaultValue 10,000
   */
  readonly maxConnections?: number
}

/** What holds where nothing else is said. None of them is in the way of an honest client. */
export const defaultLimits: ServerLimits = {
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 300_000,
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 16 * 1024,
  maxBodyBytes: 1024 ** 3,
  maxConnections: 10_000,
}

const bytesOrInfinity: OptionRule = {
  expected: 'a whole number from 0, or Infinity',
  accepts: (value) => value === Infinity || integer(0).accepts(value),
}

/** @throws EisenmpError `ERR_EISENMP_OPTION`. */
export function readLimits(where: string, given: unknown): ServerLimits {
  const checked = checkOptions(`${where}({ limits })`, given ?? {}, {
    headersTimeoutMs: integer(1, MAX_TIMER_MS),
    requestTimeoutMs: integer(0, MAX_TIMER_MS),
    keepAliveTimeoutMs: integer(1, MAX_TIMER_MS),
    maxHeaderBytes: integer(1024, 16 * 1024 * 1024),
    maxBodyBytes: bytesOrInfinity,
    maxConnections: integer(1),
  })
  return { ...defaultLimits, ...checked }
}
