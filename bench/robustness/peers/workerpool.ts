import { createRequire } from 'node:module'
import type { OpenPool, Peer, PoolSettings } from '../contract.ts'
import { toWorkerPath } from '../contract.ts'

interface Call extends PromiseLike<unknown> {
  timeout(ms: number): PromiseLike<unknown>
}

interface WorkerpoolPool {
  exec(method: string, parameters: unknown[]): Call
  terminate(force?: boolean): PromiseLike<unknown>
}

interface WorkerpoolModule {
  pool(script: string, options: object): WorkerpoolPool
}

type WorkerType = 'thread' | 'process'

function toLimits(workerType: WorkerType, settings: PoolSettings): object {
  const { heapMb } = settings
  if (workerType === 'thread') {
    return heapMb === undefined ? {} : { workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: heapMb } } }
  }
  return {
    forkOpts: {
      ...(heapMb !== undefined && { execArgv: [`--max-old-space-size=${heapMb}`] }),
      ...(settings.advanced === true && { serialization: 'advanced' }),
    },
  }
}

async function open(workerType: WorkerType, settings: PoolSettings): Promise<OpenPool> {
  const workerpool = createRequire(import.meta.url)('workerpool') as WorkerpoolModule
  const pool = workerpool.pool(settings.module ?? toWorkerPath('tasks.workerpool.ts'), {
    workerType,
    minWorkers: settings.workers,
    maxWorkers: settings.workers,
    ...toLimits(workerType, settings),
  })
  return {
    run: async (task, item, timeoutMs) => {
      const call = pool.exec(task, [item])
      return timeoutMs === undefined ? call : call.timeout(timeoutMs)
    },
    close: async () => pool.terminate(),
    destroy: async () => pool.terminate(true),
  }
}

function describePeer(workerType: WorkerType): Peer {
  const isProcess = workerType === 'process'
  return {
    name: isProcess ? 'workerpool processes' : 'workerpool threads',
    package: 'workerpool',
    mode: isProcess ? 'processes' : 'threads',
    timeLimit: '`.timeout(ms)`',
    hasAdvancedOption: isProcess,
    open: (settings) => open(workerType, settings),
  }
}

export const peers: readonly Peer[] = [describePeer('thread'), describePeer('process')]
