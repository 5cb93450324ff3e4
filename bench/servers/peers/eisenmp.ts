import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'
import { startProgram } from './program-peer.ts'

const entry = fileURLToPath(new URL('../entries/eisenmp.ts', import.meta.url))

function describePeer(backend: 'processes' | 'threads'): Peer {
  return {
    name: `eisenmp, ${backend}`,
    version: () => undefined,
    isOneProcess: backend === 'threads',
    workers: 2,
    start: (port) => startProgram([entry, backend], { PORT: String(port) }),
  }
}

export const processes: Peer = describePeer('processes')
export const threads: Peer = describePeer('threads')
