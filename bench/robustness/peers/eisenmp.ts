import { pathToFileURL } from 'node:url'
import type { OpenPool, Peer, PoolMode, PoolSettings } from '../contract.ts'
import { toWorkerPath } from '../contract.ts'
import type * as Tasks from '../workers/tasks.ts'

async function open(backend: PoolMode, settings: PoolSettings): Promise<OpenPool> {
  // From the source, so that a fresh clone can measure without a build.
  const { createPool } = await import('../../../src/index.ts')
  const pool = await createPool<typeof Tasks>({
    modules: pathToFileURL(settings.module ?? toWorkerPath('tasks.ts')),
    backend,
    workers: settings.workers,
    ...(settings.heapMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: settings.heapMb } }),
    ...(settings.timeoutMs !== undefined && { itemTimeoutMs: settings.timeoutMs }),
  })
  return {
    run: (task, item) => pool.run(task as 'roundTrip', item),
    map: (task, source) => pool.from(source).map(task as 'roundTrip'),
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  }
}

function describePeer(mode: PoolMode): Peer {
  return {
    name: `eisenmp ${mode}`,
    package: 'eisenmp',
    mode,
    timeLimit: '`itemTimeoutMs`',
    hasAdvancedOption: false,
    open: (settings) => open(mode, settings),
  }
}

export const peers: readonly Peer[] = [describePeer('threads'), describePeer('processes')]
