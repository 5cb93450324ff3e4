/** Names of the channels of `node:diagnostics_channel` that tell what a pool does, with what each message holds. */
export interface TelemetryEvents {
  /** A worker was started. It is not ready yet; `pid` is 0 where the system has not given one. */
  'eisenmp:worker:started': { readonly worker: string; readonly index: number; readonly pid: number }
  /** A worker has ended, for whatever reason, a regular end included. */
  'eisenmp:worker:gone': { readonly worker: string; readonly index: number; readonly reason: string }
  /** What the watchdog of a worker has seen; needs the mate `eisenmp/watchdog`. */
  'eisenmp:worker:heartbeat': {
    readonly worker: string
    readonly index: number
    /** Counts from 1 in each worker. */
    readonly beat: number
    /** How long its event loop was kept waiting at most, since the beat before; in ms. */
    readonly lagMs: number
    /** JavaScript heap in use. */
    readonly heapMb: number
    /** Open handles by kind, as `process.getActiveResourcesInfo()` names them, and how many. */
    readonly handles: Readonly<Record<string, number>>
    /** The task in work: the name of a loop, or `items` for streams and calls. */
    readonly task?: string
    /** The chunk that was taken last: `queue serial`. */
    readonly ticket?: string
    /** For how long the task has been at it, in ms. */
    readonly forMs?: number
    /** The limit that was crossed, for which the worker's loops are stopped. */
    readonly crossed?: string
  }
  /** A chunk, or a part of one, was sent; `serial` is that of its ticket. */
  'eisenmp:chunk:sent': {
    readonly worker: string
    readonly serial: number
    readonly items: number
    readonly attempt: number
  }
  /** A worker has answered some items and spent `ms` on them; a chunk can be answered in parts. */
  'eisenmp:chunk:answered': {
    readonly worker: string
    readonly items: number
    readonly failed: number
    readonly ms: number
  }
  /** An item was settled with an error, whatever becomes of it. */
  'eisenmp:item:failed': {
    readonly code: string
    readonly index: number | undefined
    readonly worker: string | undefined
  }
}

interface Channel {
  readonly hasSubscribers: boolean
  publish(message: unknown): void
}

type NodeProcess = { getBuiltinModule?(name: string): { channel(name: string): Channel } | undefined } | undefined

const diagnostics = (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.('node:diagnostics_channel')
const channels = new Map<string, Channel>()

function findChannel(name: string): Channel | undefined {
  let channel = channels.get(name)
  if (channel === undefined && diagnostics !== undefined) {
    channel = diagnostics.channel(name)
    channels.set(name, channel)
  }
  return channel
}

/** Tells whoever listens; with no listener the message is not even made. */
export function publish<Name extends keyof TelemetryEvents>(name: Name, make: () => TelemetryEvents[Name]): void {
  const channel = findChannel(name)
  if (channel?.hasSubscribers === true) channel.publish(make())
}
