import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'
import { startProgram } from './program-peer.ts'

const entry = fileURLToPath(new URL('../entries/single.ts', import.meta.url))

/** One process, to tell what it costs to have more. */
export const single: Peer = {
  name: 'one process',
  version: () => undefined,
  isOneProcess: true,
  workers: 1,
  start: (port) => startProgram([entry], { PORT: String(port) }),
}
