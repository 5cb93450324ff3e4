// A loop over four queues: it takes what comes of each until all are closed and empty.
import type { Toolbox, WorkerQueue } from 'eisenmp'

type Region = { rain: WorkerQueue<number>; wind: WorkerQueue<number> }
type Queues = { north: Region; south: Region }
type Config = { deaths: Int32Array }
export type Sum = { count: number; sum: number }

export async function addUp(toolbox: Toolbox<Config, Queues>): Promise<boolean> {
  const { north, south } = toolbox.queues
  let isBusy = false
  for (const queue of [north.rain, north.wind, south.rain, south.wind]) {
    const chunk = await queue.take()
    if (!chunk) continue
    isBusy = true
    // The worker that has the first chunk dies with it; another takes it again.
    if (Atomics.exchange(toolbox.config.deaths, 0, 1) === 0) process.exit(1)
    const sum: Sum = { count: chunk.items.length, sum: chunk.items.reduce((a, b) => a + b, 0) }
    toolbox.emit(sum, { ticket: chunk.ticket })
  }
  return isBusy
}
