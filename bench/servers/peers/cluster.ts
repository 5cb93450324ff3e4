import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'
import { startProgram } from './program-peer.ts'

const entry = fileURLToPath(new URL('../entries/cluster.ts', import.meta.url))

export const cluster: Peer = {
  name: 'node:cluster',
  version: () => undefined,
  isOneProcess: false,
  workers: 2,
  start: (port) => startProgram([entry], { PORT: String(port) }),
}
