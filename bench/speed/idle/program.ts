// A pool that has worked and waits for more. What it needs is loaded here only when it is asked for.
import { setTimeout as wait } from 'node:timers/promises'
import { readMemoryMb, watchCpu } from '../proc.ts'
import { BARE, NONE, idleProgram } from './protocol.ts'

const CALLS = 200
const CLOSE_MS = 2000
const SETTLE_MS = 1500
const { name, workers, watchMs } = idleProgram.readInput()

interface Open {
  work(): Promise<unknown>
  close(): Promise<unknown>
}

async function openOurs(backend: 'threads' | 'processes'): Promise<Open> {
  const { createPool, range } = await import('../eisenmp.ts')
  const pool = await createPool({ modules: new URL('../work.ts', import.meta.url), backend, workers })
  return { work: () => pool.from(range(0, 100_000)).map('work').toArray(), close: () => pool.close() }
}

async function openBare(): Promise<Open> {
  const { BarePool } = await import('../contenders/bare.ts')
  const pool = new BarePool(workers)
  await pool.open()
  const chunks = Array.from({ length: CALLS }, (_, i) => [i])
  return { work: () => pool.sum(chunks.values()), close: () => pool.close() }
}

async function openPeer(): Promise<Open> {
  const { PEERS } = await import('../../robustness/peers.ts')
  const pool = await PEERS.find((peer) => peer.name === name)!.open({ workers })
  const work = (): Promise<unknown> => Promise.all(Array.from({ length: CALLS }, (_, i) => pool.run('work', i)))
  return { work, close: () => pool.close() }
}

function open(): Promise<Open> {
  if (name === NONE) return Promise.resolve({ work: () => Promise.resolve(), close: () => Promise.resolve() })
  if (name === BARE) return openBare()
  if (name === 'eisenmp threads') return openOurs('threads')
  return name === 'eisenmp processes' ? openOurs('processes') : openPeer()
}

const pool = await open()
await pool.work()
// What the work has left behind to tidy up is not the pool's idling.
await wait(Math.min(SETTLE_MS, watchMs))
const readCpuMs = watchCpu()
await wait(watchMs)
const cpuMs = readCpuMs()
const memoryMb = readMemoryMb()
idleProgram.writeResult({ cpuMs, ...(memoryMb !== undefined && { memoryMb }) })
// One pool's close() was seen never to settle; that is no part of the question.
await Promise.race([pool.close(), wait(CLOSE_MS)])
process.exit()
