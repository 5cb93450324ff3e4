import type { Backend, Placement, WorkerEvents, WorkerHandle, WorkerSpec } from '../backend.ts'
import type { Mark } from '../protocol/mark.ts'
import type { FromWorker, ToWorker } from '../protocol/messages.ts'
import type { Vitals } from '../protocol/vitals.ts'
import type { PlaceWorker } from './placement.ts'

/** A worker that is not ready before it is where it is to be, so that no item runs elsewhere. */
class PlacedWorker implements WorkerHandle {
  placement: Placement | undefined
  readonly #handle: WorkerHandle
  #isEnding = false

  constructor(backend: Backend, place: PlaceWorker, spec: WorkerSpec, events: WorkerEvents) {
    const placeNow = async (ready: FromWorker): Promise<void> => {
      const systemThreadId = this.vitals()?.systemThreadId ?? 0
      const placement = await place(spec.index, { backend: backend.name, pid: this.identity.pid, systemThreadId })
      // It may have ended meanwhile.
      if (this.#isEnding) return
      this.placement = placement
      events.message(ready)
    }
    this.#handle = backend.start(spec, {
      message: (message) => {
        if (message.kind === 'ready') void placeNow(message)
        else events.message(message)
      },
      violated: (reason) => events.violated(reason),
      output: (stream, bytes) => events.output(stream, bytes),
      gone: (exit) => {
        this.#isEnding = true
        events.gone(exit)
      },
    })
  }

  get identity(): WorkerHandle['identity'] {
    return this.#handle.identity
  }

  send(message: ToWorker): void {
    this.#handle.send(message)
  }

  mark(): Mark | undefined {
    return this.#handle.mark()
  }

  vitals(): Vitals | undefined {
    return this.#handle.vitals()
  }

  end(): void {
    this.#isEnding = true
    this.#handle.end()
  }

  hold(isHeld: boolean): void {
    this.#handle.hold(isHeld)
  }
}

/** The same backend, whose workers are placed before they are ready. */
export function createPlacedBackend(backend: Backend, place: PlaceWorker): Backend {
  return {
    name: backend.name,
    start: (spec, events) => new PlacedWorker(backend, place, spec, events),
    close: () => backend.close(),
  }
}
