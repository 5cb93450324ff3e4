import type { PackedValues } from '../../codec/pack.ts'
import { isFromWorker, type FromWorker, type ToWorker } from '../../protocol/messages.ts'
import { BrokenRing, createRing, openRing } from './byte-ring.ts'
import { type LinkPort, LinkReceiver, LinkSender } from './link.ts'
import { ResultWriter, UnitReader, UnitWriter, readResult } from './records.ts'

/** Holds a few chunks of the largest size that packed numbers make. */
const RING_BYTES = 256 * 1024

/** The rings of one worker, as they are given to its thread. */
export interface LinkMemory {
  readonly toWorker: SharedArrayBuffer
  readonly fromWorker: SharedArrayBuffer
}

export function createLinkMemory(): LinkMemory {
  return { toWorker: createRing(RING_BYTES), fromWorker: createRing(RING_BYTES) }
}

/** What the parent's end gives. */
export interface ParentEndEvents {
  message(message: FromWorker): void
  /** Something else that the worker sent through the port. */
  other(message: unknown): void
  broken(reason: string): void
}

/** The parent's end of a link to a worker. It never blocks. */
export class ParentEnd {
  readonly #sender: LinkSender<ToWorker>
  readonly #units = new UnitWriter()
  readonly #receiver: LinkReceiver<unknown>
  readonly #events: ParentEndEvents
  #isScheduled = false
  #isBroken = false

  constructor(port: LinkPort, memory: LinkMemory, events: ParentEndEvents) {
    this.#sender = new LinkSender(port, openRing(memory.toWorker))
    this.#events = events
    this.#receiver = new LinkReceiver(openRing(memory.fromWorker), readResult, (message) => this.#deliver(message))
    this.#receiver.rest()
  }

  /** @throws DataCloneError when it cannot be cloned; then nothing was sent. */
  send(message: ToWorker): void {
    const bytes = this.#units.measure(message)
    if (bytes !== undefined && this.#sender.write(message, bytes, this.#units)) return
    const numbered = this.#units.number(message)
    this.#sender.post(numbered)
    this.#units.confirm(numbered)
  }

  /** The port has brought something. */
  receive(message: unknown): void {
    this.#guard(() => this.#receiver.take(message, (taken) => this.#deliver(taken)))
    this.#rest()
  }

  /** Delivers all that a worker has left behind; nothing comes after the end of its port. */
  drainAll(): void {
    while (!this.#isBroken && this.#guard(() => !this.#receiver.isIdle)) this.#drain()
  }

  #drain(): void {
    this.#guard(() => this.#receiver.drain())
  }

  /** What came in meanwhile is for the next turn, so that a busy worker leaves time for everything else. */
  #rest(): void {
    if (this.#isScheduled || this.#guard(() => this.#receiver.rest()) !== false) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#drain()
      this.#rest()
    })
  }

  #deliver(message: unknown): void {
    if (isFromWorker(message)) this.#events.message(message)
    else this.#events.other(message)
  }

  /** A ring that is broken says nothing more. */
  #guard<T>(read: () => T): T | undefined {
    if (this.#isBroken) return undefined
    try {
      return read()
    } catch (error) {
      if (!(error instanceof BrokenRing)) throw error
      this.#isBroken = true
      this.#events.broken(error.message)
      return undefined
    }
  }
}

/** Below this, copying costs less than telling V8 of the move. */
const MOVE_FROM_BYTES = 4096

/** Memory of large results: it was made for this message, by the snapshot of what a task gave. */
function listMovable(values: PackedValues): ArrayBuffer[] | undefined {
  if (!Array.isArray(values)) return undefined
  const movable: ArrayBuffer[] = []
  for (const value of values as readonly unknown[]) {
    if (!ArrayBuffer.isView(value) || value.byteLength < MOVE_FROM_BYTES) continue
    if (value.buffer instanceof ArrayBuffer) movable.push(value.buffer)
  }
  return movable
}

/** The worker's end. It may block its thread for a moment, when the worker has nothing to do. */
export class WorkerEnd {
  readonly #sender: LinkSender<FromWorker>
  readonly #results = new ResultWriter()
  readonly #units = new UnitReader()
  readonly #receiver: LinkReceiver<ToWorker>
  readonly #deliver: (message: ToWorker) => void

  constructor(port: LinkPort, memory: LinkMemory, deliver: (message: ToWorker) => void) {
    this.#sender = new LinkSender(port, openRing(memory.fromWorker))
    this.#deliver = deliver
    this.#receiver = new LinkReceiver(openRing(memory.toWorker), (from) => this.#units.read(from), deliver)
  }

  send(message: FromWorker): void {
    const bytes = this.#results.measure(message)
    if (bytes !== undefined && this.#sender.write(message, bytes, this.#results)) return
    this.#sender.post(message, message.kind === 'results' ? listMovable(message.values) : undefined)
  }

  /** Sends something of no concern to the protocol, in order with everything else. */
  post(message: unknown): void {
    this.#sender.post(message)
  }

  /** The port has brought something. */
  receive(message: unknown): void {
    this.#receiver.take(message, (taken) => {
      this.#units.learn(taken as ToWorker)
      this.#deliver(taken as ToWorker)
    })
  }

  /** Delivers what is there. */
  drain(): void {
    this.#receiver.drain()
  }

  /** Waits for the next message with the thread blocked, at most so long, and delivers it. */
  linger(ms: number, hasMail?: () => boolean): void {
    this.#receiver.linger(ms, hasMail)
    this.#receiver.drain()
  }

  /** Back to the event loop. `false` when there is something to deliver first. */
  rest(): boolean {
    return this.#receiver.rest()
  }
}
