/** The ways in which a process and its child can talk. */
export const CHANNELS = ['pipe', 'pipe-unchecked', 'socket', 'ipc-advanced', 'ipc-json'] as const
export type ChannelName = (typeof CHANNELS)[number]

export interface Request {
  readonly id: number
  /** JSON has no typed arrays. */
  readonly data: Int32Array | readonly number[]
}

export interface Reply {
  readonly id: number
  readonly length: number
  readonly last: number
}
