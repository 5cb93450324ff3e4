import type { WorkerModule } from '../backend.ts'

/** How one server of a worker gets its listening socket. */
export interface ListenSpec {
  /** Which server of the worker it is, from 0. */
  readonly index: number
  /** A literal IP address, IPv6 with its scope when it is link-local. */
  readonly address: string
  readonly port: number
  /**
   * `inherit`: the parent owns the socket, the process has it as descriptor `fd`. `reuse`: the worker binds the port itself
   * with `reusePort`. `adopt`: as `reuse`, but the listener of the predecessor comes in a message `adopt` instead.
   */
  readonly how: 'inherit' | 'reuse' | 'adopt'
  /** The number of the descriptor in the process. */
  readonly fd?: number | undefined
}

/** How a worker ends its servers without losing a request; times in ms. */
export interface DrainTimes {
  /** How long idle keep-alive sockets wait for one more request, which gets its answer. */
  readonly idleGraceMs: number
  /** How long requests in flight may take; then they are cut and counted. */
  readonly inFlightMs: number
}

/** Limits of every http server; what a user's server has set itself, differing from Node's default, stays. */
export interface ServerLimits {
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  readonly maxHeaderBytes: number
  readonly maxBodyBytes: number
  readonly maxConnections: number
}

/** Everything that one life of a service's worker needs to start; cloneable. */
export interface ServiceSpec {
  readonly kind: 'server' | 'fleet'
  /** The seat: from 0 over all groups, stable over restarts. */
  readonly index: number
  /** `red-0`: the group and the place in it. */
  readonly name: string
  readonly group: string
  /** Which life of the seat it is, from 0. */
  readonly generation: number
  readonly module: WorkerModule
  readonly config: unknown
  /** Cores that the worker is pinned to; `undefined`: all. */
  readonly cores: readonly number[] | undefined
  readonly servers: readonly ListenSpec[]
  readonly drain: DrainTimes
  readonly limits: ServerLimits
  /** Time between two beats. */
  readonly beatMs: number
  /** An HTTP path that must answer below 500 before the worker is ready, and is asked with every beat. */
  readonly healthPath?: string | undefined
}
