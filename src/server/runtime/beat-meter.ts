import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Beat } from '../service-messages.ts'

/** Time between two looks at the event loop. */
const LOOK_MS = 20
const MB = 1024 * 1024

/** Measures from one beat to the next. */
export class BeatMeter {
  readonly #timer: NodeJS.Timeout
  #lookedAtMs = performance.now()
  #lagMs = 0
  #utilization: EventLoopUtilization = performance.eventLoopUtilization()

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref()
  }

  read(): Pick<Beat, 'lagMs' | 'utilization' | 'heapMb' | 'heapShare' | 'rssMb'> {
    // The timer of the beat may come before that of the look, after a time in which neither could.
    this.#look()
    const lagMs = this.#lagMs
    this.#lagMs = 0
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    return { lagMs, utilization, heapMb: used / MB, heapShare: used / limit, rssMb: process.memoryUsage.rss() / MB }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = performance.now()
    this.#lagMs = Math.max(this.#lagMs, now - this.#lookedAtMs - LOOK_MS)
    this.#lookedAtMs = now
  }
}
