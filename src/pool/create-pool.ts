import type { Backend } from '../backend.ts'
import { EisenmpError } from '../errors.ts'
import { fetchModules } from '../loader/fetch-modules.ts'
import { resolveModules } from '../loader/module-reference.ts'
import { countDefaultWorkers } from '../supervisor/default-workers.ts'
import { createPlacedBackend } from '../supervisor/placed-backend.ts'
import { planPlacement } from '../supervisor/placement.ts'
import { checkTools, holdTools } from '../tools/hold-tools.ts'
import type { Tool } from '../tools/tool.ts'
import { type BackendName, type PoolSettings, checkPoolOptions } from './pool-options.ts'
import { PoolCore } from './pool-core.ts'
import { copyConfig } from './copy-config.ts'
import { followRest } from './follow-rest.ts'
import { withTools } from './with-tools.ts'

/** Makes a backend; the entry point of the package says which there are. */
export type BackendFactories = Readonly<Record<BackendName, () => Backend>>

function findTools({ tools, backend, permissions }: PoolSettings): ReadonlyMap<string, Tool> {
  const found = checkTools(tools)
  if (backend !== 'processes' || found.size === 0 || permissions === undefined || permissions.addons === true)
    return found
  throw new EisenmpError(
    'ERR_EISENMP_OPTION',
    'Cannot give tools to worker processes under permissions without addons: they read them by one; set permissions: { addons: true }',
  )
}

/** Checks everything that can be checked, then starts the workers; resolves when the first is ready. */
export async function startPool(options: unknown, factories: BackendFactories): Promise<PoolCore> {
  const settings = checkPoolOptions(options, countDefaultWorkers)
  const place = planPlacement(settings)
  settings.signal?.throwIfAborted()
  const resolved = resolveModules(settings.modules)
  const config = copyConfig(settings.config, settings.backend === 'processes')
  const tools = findTools(settings)
  const fetched = fetchModules(resolved, settings.signal)
  const modules = Array.isArray(fetched) ? fetched : await fetched
  // It may have fired meanwhile, and does not tell those who listen from now on.
  settings.signal?.throwIfAborted()
  const form = settings.backend === 'processes' ? 'file' : 'memory'
  const empty = factories[settings.backend]()
  // With nothing to wait for, the pool is there at once, and hears signals from then on.
  const bare = tools.size === 0 ? empty : withTools(empty, await holdTools(tools, form, settings.signal))
  const backend = place === undefined ? bare : createPlacedBackend(bare, place)
  const core = new PoolCore({ settings, backend, modules, config })
  try {
    await Promise.race([core.crew.start(), core.whenDestroyed])
    if (settings.takesRest) followRest(core, settings.cores)
    return core
  } catch (error) {
    await core.destroy(error)
    throw error
  }
}
