import { type Deferred, createDeferred } from '../../internal/deferred.ts'
import type { LifeRecord } from '../life.ts'
import type { PendingCall } from './command-desk.ts'
import type { InstanceStream } from './instance-stream.ts'
import type { LedgerEntry } from './ledger.ts'

/**
 * `starting`; `running`; `recreating`: its worker has ended, and it waits for the next one; `moving` to another worker;
 * `stopping`; `stopped`; `lost` with its worker.
 */
export type InstanceState = 'starting' | 'running' | 'recreating' | 'moving' | 'stopping' | 'stopped' | 'lost'

/** What the program knows of one instance. */
export class InstanceRecord implements LedgerEntry {
  readonly id: number
  readonly name: string
  readonly input: unknown
  worker: number | undefined = undefined
  state: InstanceState = 'starting'
  /** The life of a worker that has it; `undefined` while it is nowhere. */
  life: LifeRecord | undefined
  /** It runs in its life, or failed to. A new one for every life. */
  started: Deferred<void> = createDeferred()
  /** Its end in the life that has it; there once it is asked for. */
  ended: Deferred<void> | undefined
  /** It is being ended, and MUST NOT be made anywhere. */
  isHeld = false
  /** It has been ended in the life that has it, asked or not. */
  hasStopped = false
  stopping: Promise<void> | undefined
  moving: Promise<void> | undefined
  /** Why it is lost. */
  loss: unknown
  /** Commands that were sent and have no answer yet. */
  sent = 0
  /** Commands that were not sent yet, in order. */
  readonly waiting: PendingCall[] = []
  readonly streams: Set<InstanceStream> = new Set()

  constructor(id: number, name: string, input: unknown) {
    this.id = id
    this.name = name
    this.input = input
  }
}
