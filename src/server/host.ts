import type { WorkerExit, WorkerResourceLimits } from '../backend.ts'
import type { FromService, ToService } from './service-messages.ts'
import type { ServiceSpec } from './service-spec.ts'

/** What a worker of a service does to its owner. After `gone` nothing more comes. */
export interface HostEvents {
  message(message: FromService): void
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  gone(exit: WorkerExit): void
}

/** What belongs to one life of a worker and cannot be sent. */
export interface HostResources {
  /** Descriptors of this process that the new process inherits; it finds them from {@link FIRST_INHERITED_FD} on. */
  readonly fds: readonly number[]
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly execArgv?: readonly string[] | undefined
  readonly resourceLimits?: WorkerResourceLimits | undefined
}

/** One running worker of a service: a thread, a process, or any program. */
export interface Host {
  readonly identity: { readonly pid: number; readonly threadId: number | undefined }
  /** Does nothing when the worker is gone. */
  send(message: Exclude<ToService, { kind: 'init' }>, transfer?: readonly unknown[]): void
  /** Ends it at once, whatever it does; `gone` follows. */
  end(): void
}

/** A kind of worker. Never throws: what cannot start is `gone`. */
export interface HostKind {
  readonly name: 'processes' | 'threads' | 'command'
  start(spec: ServiceSpec, resources: HostResources, events: HostEvents): Host
  close(): Promise<void>
}

/** 0 to 2 are standard, 3 is the channel. */
export const FIRST_INHERITED_FD = 4
