import type { Pinning, Priority, WorkerExit } from '../backend.ts'
import { TailBuffer } from '../internal/tail-buffer.ts'
import type { Host } from './host.ts'
import type { Beat } from './service-messages.ts'

/** Enough to see why a worker died. */
const TAIL_BYTES = 16 * 1024

/** One life of the worker of a seat: from its start until it is gone. */
export class LifeRecord {
  /** Of its seat: `red-0`. */
  readonly name: string
  readonly seat: number
  readonly generation: number
  readonly startedAtMs: number
  /** Set right after the start; what a worker tells is never heard before that. */
  host!: Host
  isReady = false
  isDraining = false
  /** Real ports of its servers. */
  ports: readonly number[] = []
  beat: Beat | undefined
  beatAtMs: number
  /** Of a thread, where it can be known; else 0. */
  systemThreadId = 0
  pinning: Pinning | undefined
  priority: Priority | undefined
  /** What the worker itself has said about its end. */
  error: { readonly value: unknown } | undefined
  /** Why its owner has ended it at once. */
  killedFor: string | undefined
  cutRequests = 0
  readonly stderr: TailBuffer = new TailBuffer(TAIL_BYTES)
  readonly gone: Promise<WorkerExit>
  /** Called once, with its end. */
  readonly settle: (exit: WorkerExit) => void

  constructor(seat: number, generation: number, nowMs: number, name = `main-${seat}`) {
    this.name = name
    this.seat = seat
    this.generation = generation
    this.startedAtMs = nowMs
    this.beatAtMs = nowMs
    const { promise, resolve } = Promise.withResolvers<WorkerExit>()
    this.gone = promise
    this.settle = resolve
  }

  get key(): string {
    return `${this.seat}.${this.generation}`
  }
}
