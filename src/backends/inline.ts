import type { Backend, WorkerEvents, WorkerHandle, WorkerSpec } from '../backend.ts'
import { MARK_LENGTH, type Mark, readMark } from '../protocol/mark.ts'
import type { FromWorker, ToWorker } from '../protocol/messages.ts'
import { WorkerRuntime } from './entries/worker-runtime.ts'

/** A worker that is no more than a queue in this thread. Messages take a turn of the event loop, as everywhere. */
class InlineHandle implements WorkerHandle {
  readonly identity = { pid: process.pid, threadId: undefined }
  readonly #events: WorkerEvents
  readonly #block = new Float64Array(MARK_LENGTH)
  readonly #runtime: WorkerRuntime
  #isGone = false

  constructor(spec: WorkerSpec, events: WorkerEvents) {
    this.#events = events
    this.#runtime = new WorkerRuntime({
      spec,
      threadId: 0,
      portable: false,
      marksAreCheap: true,
      send: (message: FromWorker) => this.#later(() => this.#events.message(message)),
      mark: (unit, offset, startedAtMs) => this.#block.set([unit, offset, startedAtMs]),
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
    this.#later(() => this.#runtime.take(message))
  }

  mark(): Mark {
    return readMark(this.#block)
  }

  /** What runs cannot be stopped; nobody hears of it any more. */
  end(): void {
    this.#leave(null, 'it was ended')
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
