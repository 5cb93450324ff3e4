/** What `ps` and `reload` ask a running program: one line of JSON, answered by one line of JSON. */
export type ControlRequest = { readonly command: 'ps' } | { readonly command: 'reload' }

/** One worker of a running program. */
export type WorkerRow = {
  readonly name: string
  readonly pid: number
  readonly state: string
  readonly generation: number
  readonly restarts: number
  readonly uptimeMs: number
  readonly requests: number
  readonly connections: number
  readonly lagMs: number | undefined
  readonly rssMb: number | undefined
  readonly lastExit: string | undefined
}

/** One address of a running program. */
export type AddressRow = {
  readonly worker: string
  readonly group: string
  readonly address: string
  readonly port: number
  readonly cores: string
}

/** What a running program says of itself. */
export type ProgramState = {
  readonly name: string
  readonly pid: number
  readonly backend: string
  readonly module: string
  readonly uptimeMs: number
  readonly workers: readonly WorkerRow[]
  readonly addresses: readonly AddressRow[]
}

export type ReloadResult = { readonly replaced: number; readonly ms: number; readonly cutRequests: number }

export type ControlAnswer =
  | { readonly kind: 'state'; readonly state: ProgramState }
  | { readonly kind: 'reloaded'; readonly report: ReloadResult }
  | { readonly kind: 'error'; readonly message: string }

/** A request is a few words: what is longer is none. */
export const MOST_REQUEST_BYTES = 1024
