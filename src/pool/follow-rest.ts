import { countRest, watchRest } from '../supervisor/core-budget.ts'
import { countDefaultWorkers } from '../supervisor/default-workers.ts'
import type { PoolCore } from './pool-core.ts'

/** Lets a pool have as many workers as servers leave it, until it ends. */
export function followRest(core: PoolCore, cores: unknown): void {
  const resize = (): void => {
    // When the pool ends meanwhile, there is nothing to do.
    core.resize(countRest(countDefaultWorkers(cores))).catch(() => {})
  }
  const stop = watchRest(resize)
  core.whenDestroyed.catch(stop)
  // Servers may have started while the workers did.
  if (countRest(countDefaultWorkers(cores)) !== core.settings.workers) resize()
}
