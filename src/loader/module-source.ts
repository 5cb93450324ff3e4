import type { WorkerModule } from '../backend.ts'

/** A module from the network, as it was checked. */
export interface ModuleSource {
  readonly url: string
  readonly pin: string
  readonly bytes: Uint8Array
}

/** What a worker loads; it travels in the worker's spec. */
export interface LoadableModule extends WorkerModule {
  /** Itself and all that it imports, when it comes from the network. */
  readonly sources?: readonly ModuleSource[]
}
