import { readlinkSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { readClock } from '../../internal/clock.ts'
import { VITALS_LENGTH, writeVitals } from '../../protocol/vitals.ts'

// Taken before user code can replace it.
const defer = setImmediate
const measureLoop = performance.eventLoopUtilization.bind(performance)

/** `4711/task/4712` on Linux; 0 elsewhere, and under permissions that do not let a worker read it. */
export function readSystemThreadId(): number {
  try {
    return Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

interface VitalsWriterOptions {
  readonly block?: Float64Array
  readonly systemThreadId?: number
  /** Called with the block filled. */
  readonly written?: (block: Float64Array) => void
}

/** The worker's side of {@link Vitals}. */
export class VitalsWriter {
  readonly block: Float64Array
  readonly #systemThreadId: number
  readonly #written: (block: Float64Array) => void

  constructor({ block, systemThreadId, written }: VitalsWriterOptions = {}) {
    this.block = block ?? new Float64Array(VITALS_LENGTH)
    this.#systemThreadId = systemThreadId ?? 0
    this.#written = written ?? ((): void => {})
    this.#write(0)
  }

  /** Answers when the event loop comes to it. What is in work has to give way first, and that is what is measured. */
  answer(serial: number): void {
    defer(() => this.#write(serial))
  }

  #write(answered: number): void {
    const { idle: idleMs, active: activeMs } = measureLoop()
    const systemThreadId = this.#systemThreadId
    writeVitals(this.block, { systemThreadId, answered, answeredAtMs: readClock(), idleMs, activeMs })
    this.#written(this.block)
  }
}
