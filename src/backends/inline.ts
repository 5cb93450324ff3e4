import type { Backend, WorkerEvents, WorkerHandle, WorkerSpec } from '../backend.ts'
import { RefusedValue } from '../codec/refused-value.ts'
import { describeThrown } from '../internal/describe-thrown.ts'
import { MARK_LENGTH, MARK_UNKNOWN, type Mark, readMark } from '../protocol/mark.ts'
import type { FromWorker, ToWorker } from '../protocol/messages.ts'
import { type Vitals, readVitals } from '../protocol/vitals.ts'
import { VitalsWriter } from './entries/vitals-writer.ts'
import { WorkerRuntime } from './entries/worker-runtime.ts'

/** Everywhere else a message arrives as a copy, so that nothing a task does to its item is seen outside. */
function copyMessage<T>(message: T): T {
  try {
    return structuredClone(message)
  } catch (error) {
    throw new RefusedValue('clone', describeThrown(error), error)
  }
}

/** A worker that is no more than a queue in this thread. Messages take a turn of the event loop, as everywhere. */
class InlineHandle implements WorkerHandle {
  readonly identity = { pid: process.pid, threadId: undefined }
  readonly #events: WorkerEvents
  readonly #block = new Float64Array(MARK_LENGTH)
  readonly #vitals = new VitalsWriter()
  readonly #runtime: WorkerRuntime
  #isGone = false
  #isEnding = false

  constructor(spec: WorkerSpec, events: WorkerEvents) {
    this.#events = events
    this.#runtime = new WorkerRuntime({
      spec: { ...spec, config: copyMessage(spec.config) },
      threadId: 0,
      portable: false,
      marksAreCheap: true,
      send: (message: FromWorker) => this.#later(() => this.#events.message(message)),
      mark: (unit, offset, startedAtMs) => {
        // The last mark tells what it was at when it was ended.
        if (!this.#isEnding) this.#block.set([unit, offset, startedAtMs])
      },
      leave: () => this.#leave(0, 'it has left'),
    })
    void this.#runtime.start()
  }

  #later(deliver: () => void): void {
    setImmediate(() => {
      if (!this.#isGone) deliver()
    })
  }

  send(message: ToWorker): void {
    if (message.kind === 'ping') return this.#vitals.answer(message.serial)
    const copy = copyMessage(message)
    this.#later(() => this.#runtime.take(copy))
  }

  mark(): Mark {
    return readMark(this.#block)
  }

  vitals(): Vitals {
    return readVitals(this.#vitals.block)
  }

  /** What runs is told by its signal and cannot be stopped; nobody hears of it any more. */
  end(): void {
    if (this.#isEnding || this.#isGone) return
    this.#isEnding = true
    this.#runtime.take({ kind: 'abort', unit: this.mark().unit, offset: MARK_UNKNOWN })
    this.#leave(null, 'it was ended')
    // Timers of mates would go on in the program: their signal tells them.
    this.#runtime.take({ kind: 'stop' })
  }

  #leave(code: number | null, reason: string): void {
    this.#later(() => {
      this.#isGone = true
      this.#events.gone({ code, signal: null, reason })
    })
  }

  hold(): void {}
}

/** Workers in the calling thread: for tests, for debugging, and where neither threads nor processes may be started. */
export function createInlineBackend(): Backend {
  return {
    name: 'inline',
    start: (spec, events) => new InlineHandle(spec, events),
    async close() {},
  }
}
