import type { Server } from 'node:net'
import type { PrintLevel } from '../protocol/loop-messages.ts'
import type { WireError } from '../protocol/wire-error.ts'
import type { ServiceSpec } from './service-spec.ts'

/** What a worker tells of itself with every beat; the time since the beat before. */
export interface Beat {
  /** How long the event loop was kept waiting at most, in ms. */
  readonly lagMs: number
  /** Part of the time that the event loop was busy, 0 to 1. */
  readonly utilization: number
  readonly heapMb: number
  /** Part of the heap's limit that is in use, 0 to 1. */
  readonly heapShare: number
  /** Of a process; of a thread it is that of the whole program. */
  readonly rssMb: number
  /** Open connections, now. */
  readonly connections: number
  /** Requests in flight, now. */
  readonly active: number
  /** Requests since the start of this life. */
  readonly requests: number
  /** What the path of the health check answered; absent without one. `undefined` status: it did not. */
  readonly health?: { readonly status: number | undefined; readonly reason?: string | undefined } | undefined
}

/** To the worker. */
export type ToService =
  | { readonly kind: 'init'; readonly spec: ServiceSpec }
  /** To the successor, after `loaded`: the listeners of its predecessor, by their index; threads only. */
  | { readonly kind: 'adopt'; readonly listeners: readonly Server[] }
  /** To the predecessor: give up your listeners and send them as `released`; threads only. A `drain` follows. */
  | { readonly kind: 'release' }
  | { readonly kind: 'drain' }
  /** What only one kind of service understands. */
  | { readonly kind: 'custom'; readonly body: unknown }

/** From the worker. */
export type FromService =
  /** The module is loaded and its servers are made; those with `adopt` wait for their listeners. */
  | { readonly kind: 'loaded' }
  /** It answers. `ports`: of each server, by index, since port 0 is the system's choice. */
  | { readonly kind: 'ready'; readonly ports: readonly number[]; readonly systemThreadId: number }
  /** It can't start; it ends by itself right after. */
  | { readonly kind: 'failed'; readonly error: WireError }
  /** After `ready`: it has nothing to do. It is told to drain, and nobody follows it. */
  | { readonly kind: 'unneeded' }
  | { readonly kind: 'released'; readonly listeners: readonly Server[] }
  | { readonly kind: 'beat'; readonly beat: Beat }
  /** An uncaught error: it has begun to drain by itself and ends soon. */
  | { readonly kind: 'failing'; readonly error: WireError }
  /** All done; it ends right after. */
  | { readonly kind: 'drained'; readonly cutRequests: number }
  | { readonly kind: 'print'; readonly level: PrintLevel; readonly text: string }
  | { readonly kind: 'custom'; readonly body: unknown }

/** The worker's inside: one class for each kind of service, behind the same entries. */
export interface ServiceRuntime {
  /** Loads, starts and tells `ready` or `failed`. Never rejects. */
  start(): Promise<void>
  take(message: Exclude<ToService, { kind: 'init' }>): void
  /** An error that nobody caught: the default is to drain for a short time, then `leave`. */
  crash(error: unknown): void
}

/** What a runtime gets from its entry. */
export interface ServicePlace {
  readonly spec: ServiceSpec
  /** Sends; `transfer` for listeners, threads only. */
  send(message: FromService, transfer?: readonly unknown[]): void
  /** Ends the worker when all that was sent has left: 0 regular, 1 after an error. */
  leave(exitCode: number): void
}
