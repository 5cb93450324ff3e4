/** A way to keep workers serving one port. */
export interface Peer {
  readonly name: string
  /** Of the package that does it; `undefined`: Node itself. */
  readonly version: () => string | undefined
  /** Workers are threads of one process: none of them can be killed alone. */
  readonly isOneProcess: boolean
  /** Two, or one to compare with, which is asked what it costs only. */
  readonly workers: 1 | 2
  /** Starts it with the server of handler.ts; resolves when it answers. */
  start(port: number): Promise<RunningPeer>
}

export interface RunningPeer {
  /** The process that holds the workers, and all processes under it. */
  root(): number
  /** Replaces the workers by its own means. */
  reload(): Promise<void>
  /** Ends everything and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}
