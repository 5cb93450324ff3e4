import type { OpenPool, Peer, PoolSettings } from '../contract.ts'
import { toWorkerPath } from '../contract.ts'

interface TinypoolPool {
  on(event: 'error', listener: () => void): unknown
  run(item: unknown, options: { name: string; signal?: AbortSignal }): Promise<unknown>
  destroy(): Promise<void>
}

interface TinypoolModule {
  Tinypool: new (options: object) => TinypoolPool
}

type Runtime = 'worker_threads' | 'child_process'

// The name in a variable: the compiler must not look for a package that only this folder installs.
const packageName: string = 'tinypool'

async function open(runtime: Runtime, settings: PoolSettings): Promise<OpenPool> {
  const { Tinypool } = (await import(packageName)) as TinypoolModule
  const { heapMb } = settings
  const pool = new Tinypool({
    filename: settings.module ?? toWorkerPath('tasks.ts'),
    runtime,
    minThreads: settings.workers,
    maxThreads: settings.workers,
    ...(heapMb !== undefined &&
      (runtime === 'worker_threads'
        ? { resourceLimits: { maxOldGenerationSizeMb: heapMb } }
        : { execArgv: [`--max-old-space-size=${heapMb}`] })),
    // Its processes get an empty environment by default; ours are found by a variable in it.
    ...(runtime === 'child_process' && { env: process.env }),
    ...(settings.advanced === true && { serialization: 'advanced' }),
  })
  pool.on('error', () => undefined)
  return {
    run: (name, item, timeoutMs) =>
      pool.run(item, { name, ...(timeoutMs !== undefined && { signal: AbortSignal.timeout(timeoutMs) }) }),
    close: () => pool.destroy(),
    destroy: () => pool.destroy(),
  }
}

function describePeer(runtime: Runtime): Peer {
  const isProcess = runtime === 'child_process'
  return {
    name: isProcess ? 'tinypool processes' : 'tinypool threads',
    package: 'tinypool',
    mode: isProcess ? 'processes' : 'threads',
    timeLimit: '`signal: AbortSignal.timeout(ms)`',
    hasAdvancedOption: isProcess,
    open: (settings) => open(runtime, settings),
  }
}

export const peers: readonly Peer[] = [describePeer('worker_threads'), describePeer('child_process')]
