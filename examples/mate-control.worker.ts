// The worker that is controlled: it counts chunks, has its counter where the mate sees it, and does not know when to stop.
import type { Toolbox, WorkerQueue } from 'eisenmp'
import { setTimeout } from 'node:timers/promises'

/** What the main module and its mate share. */
export type Counter = { chunks: number; pauseMs: number }

export async function count(toolbox: Toolbox<unknown, { input: WorkerQueue<number> }>): Promise<boolean> {
  const counter = toolbox.shared['counter'] as Counter
  const chunk = await toolbox.queues.input.take()
  if (!chunk) return false
  counter.chunks += 1
  toolbox.emit(1, { ticket: chunk.ticket })
  await setTimeout(counter.pauseMs)
  return true
}
