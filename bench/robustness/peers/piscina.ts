import { createRequire } from 'node:module'
import type { OpenPool, Peer, PoolSettings } from '../contract.ts'
import { toWorkerPath } from '../contract.ts'

interface PiscinaPool {
  on(event: 'error', listener: () => void): unknown
  run(item: unknown, options: { name: string; signal?: AbortSignal }): Promise<unknown>
  close(): Promise<void>
  destroy(): Promise<void>
}

interface PiscinaModule {
  Piscina: new (options: object) => PiscinaPool
}

async function open(settings: PoolSettings): Promise<OpenPool> {
  const { Piscina } = createRequire(import.meta.url)('piscina') as PiscinaModule
  const pool = new Piscina({
    filename: settings.module ?? toWorkerPath('tasks.ts'),
    minThreads: settings.workers,
    maxThreads: settings.workers,
    ...(settings.heapMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: settings.heapMb } }),
  })
  pool.on('error', () => undefined)
  return {
    run: (name, item, timeoutMs) =>
      pool.run(item, { name, ...(timeoutMs !== undefined && { signal: AbortSignal.timeout(timeoutMs) }) }),
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  }
}

export const peers: readonly Peer[] = [
  {
    name: 'piscina',
    package: 'piscina',
    mode: 'threads',
    timeLimit: '`signal: AbortSignal.timeout(ms)`',
    hasAdvancedOption: false,
    open,
  },
]
