import { PEERS } from '../../robustness/peers.ts'
import { type Contender, WORKERS, cut, sumInWindow } from './contender.ts'

const CALLS_AHEAD = 256
const CHUNKS_AHEAD = 4 * WORKERS

/** Pools without a stream: item by item, and with chunks that the user makes. */
export const peers: readonly Contender[] = PEERS.filter(
  ({ mode, package: name }) => mode === 'threads' && name !== 'eisenmp',
).flatMap((peer): Contender[] => [
  {
    name: peer.package,
    isPerItem: true,
    open: async () => {
      const pool = await peer.open({ workers: WORKERS })
      const call = async (item: unknown): Promise<number> => (await pool.run('work', item)) as number
      return { sum: (items) => sumInWindow(items(), CALLS_AHEAD, call), close: () => pool.close() }
    },
  },
  {
    name: `${peer.package}, chunks by hand`,
    open: async (hand) => {
      const pool = await peer.open({ workers: WORKERS })
      const call = async (chunk: unknown[]): Promise<number> => {
        let sum = 0
        for (const value of (await pool.run('workMany', chunk)) as number[]) sum += value
        return sum
      }
      return { sum: (items) => sumInWindow(cut(items(), hand.items), CHUNKS_AHEAD, call), close: () => pool.close() }
    },
  },
])
