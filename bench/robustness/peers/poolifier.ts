import { createRequire } from 'node:module'
import type { OpenPool, Peer, PoolMode, PoolSettings } from '../contract.ts'
import { toWorkerPath } from '../contract.ts'

interface PoolifierPool {
  emitter?: { on(event: 'error', listener: () => void): unknown }
  execute(data: unknown, name: string, signal?: AbortSignal): Promise<unknown>
  destroy(): Promise<void>
}

type PoolConstructor = new (workers: number, file: string, options: object) => PoolifierPool

interface PoolifierModule {
  FixedThreadPool: PoolConstructor
  FixedClusterPool: PoolConstructor
}

function toLimits(mode: PoolMode, settings: PoolSettings): object {
  const { heapMb } = settings
  if (mode === 'threads') {
    return heapMb === undefined ? {} : { workerOptions: { resourceLimits: { maxOldGenerationSizeMb: heapMb } } }
  }
  return {
    settings: {
      ...(heapMb !== undefined && { execArgv: [`--max-old-space-size=${heapMb}`] }),
      ...(settings.advanced === true && { serialization: 'advanced' }),
    },
  }
}

async function open(mode: PoolMode, settings: PoolSettings): Promise<OpenPool> {
  const { FixedThreadPool, FixedClusterPool } = createRequire(import.meta.url)('poolifier') as PoolifierModule
  const Pool = mode === 'threads' ? FixedThreadPool : FixedClusterPool
  const entry = mode === 'threads' ? 'tasks.poolifier-thread.ts' : 'tasks.poolifier-cluster.ts'
  const pool = new Pool(settings.workers, settings.module ?? toWorkerPath(entry), {
    enableTasksQueue: true,
    ...toLimits(mode, settings),
  })
  pool.emitter?.on('error', () => undefined)
  return {
    run: (task, item, timeoutMs) =>
      timeoutMs === undefined ? pool.execute(item, task) : pool.execute(item, task, AbortSignal.timeout(timeoutMs)),
    close: () => pool.destroy(),
    destroy: () => pool.destroy(),
  }
}

function describePeer(mode: PoolMode): Peer {
  return {
    name: mode === 'threads' ? 'poolifier threads' : 'poolifier cluster',
    package: 'poolifier',
    mode,
    timeLimit: '`AbortSignal.timeout(ms)`',
    hasAdvancedOption: mode === 'processes',
    open: (settings) => open(mode, settings),
  }
}

export const peers: readonly Peer[] = [describePeer('threads'), describePeer('processes')]
