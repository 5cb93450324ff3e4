import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Beat } from '../service-messages.ts'

/** Measures from one beat to the next. */
export class BeatMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  #utilization: EventLoopUtilization = performance.eventLoopUtilization()

  constructor() {
    this.#delay.enable()
  }

  read(): Pick<Beat, 'lagMs' | 'utilization' | 'heapMb' | 'heapShare' | 'rssMb'> {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#utilization)
    this.#utilization = now
    // What it measures includes the time between two looks.
    const lagMs = Math.max(0, this.#delay.max / 1e6 - RESOLUTION_MS)
    this.#delay.reset()
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    return { lagMs, utilization, heapMb: used / MB, heapShare: used / limit, rssMb: process.memoryUsage.rss() / MB }
  }

  stop(): void {
    this.#delay.disable()
  }
}

const RESOLUTION_MS = 10
const MB = 1024 * 1024
