import { createRequire } from 'node:module'
import type { OpenPool, Peer, PoolMode, PoolSettings } from '../contract.ts'
import { TASK_NAMES, toWorkerPath } from '../contract.ts'

interface Farm {
  end(): Promise<unknown>
}

interface JestWorkerModule {
  Worker: new (file: string, options: object) => Farm
}

type Method = (item: unknown) => Promise<unknown>

function toLimits(mode: PoolMode, heapMb: number | undefined): object {
  if (heapMb === undefined) return {}
  return mode === 'threads'
    ? { resourceLimits: { maxOldGenerationSizeMb: heapMb } }
    : { forkOptions: { execArgv: [`--max-old-space-size=${heapMb}`] } }
}

async function open(mode: PoolMode, settings: PoolSettings): Promise<OpenPool> {
  const { Worker } = createRequire(import.meta.url)('jest-worker') as JestWorkerModule
  const farm = new Worker(settings.module ?? toWorkerPath('tasks.ts'), {
    exposedMethods: TASK_NAMES,
    enableWorkerThreads: mode === 'threads',
    numWorkers: settings.workers,
    ...toLimits(mode, settings.heapMb),
  })
  return {
    run: async (task, item) => {
      const method = Reflect.get(farm, task) as Method
      return method(item)
    },
    close: () => farm.end(),
    destroy: () => farm.end(),
  }
}

function describePeer(mode: PoolMode): Peer {
  return {
    name: `jest-worker ${mode}`,
    package: 'jest-worker',
    mode,
    timeLimit: null,
    hasAdvancedOption: false,
    open: (settings) => open(mode, settings),
  }
}

export const peers: readonly Peer[] = [describePeer('processes'), describePeer('threads')]
