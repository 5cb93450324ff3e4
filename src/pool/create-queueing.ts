import type { PoolCore } from './pool-core.ts'
import { Queueing } from './queueing.ts'

/** The queues, feeds and loops of a pool, joined to its crew. */
export function createQueueing(core: PoolCore, canStarve: boolean): Queueing {
  const { settings, crew, progress } = core
  let isMeasured = false
  const queueing = new Queueing({
    traits: settings.queues,
    budgets: settings.retries,
    graceMs: settings.graceMs,
    isPortable: core.isPortable,
    canStarve,
    seats: () => crew.seats,
    find: (worker) => crew.workers.get(worker),
    dismiss: (worker) => crew.finish(worker),
    revive: (seat) => crew.reviveSeat(seat),
    checkOpen: () => core.checkOpen(),
    changed: () => core.checkDrained(),
    // All loops of a pool are one job of its meter.
    progressed: () => {
      if (!isMeasured) progress.opened(queueing)
      isMeasured = true
    },
  })
  return queueing
}
