import { EisenmpError } from '../../../src/index.ts'
import assert from 'node:assert/strict'
import type { Deed, Place } from '../../fixtures/faults.worker.ts'
import type { ItemsRow, Row } from '../row.ts'
import { newPath } from '../scene.ts'
import { around, once } from './crashes.ts'

// Honest items must stay below it also where a loaded machine gives their worker no turn for a while.
const ITEM_TIMEOUT_MS = 1000

interface Spin {
  readonly do: Deed
  readonly at?: Place
  readonly on?: ItemsRow['on']
  readonly covers: ItemsRow['covers']
}

const spins: readonly Spin[] = [
  { do: 'spin', covers: ['F6'] },
  { do: 'promiseLoop', covers: ['F6'] },
  { do: 'regex', covers: ['F6'] },
  { do: 'atomicsWait', covers: ['F6'] },
  { do: 'sort', covers: ['F7'] },
  { do: 'spin', at: 'serialize', covers: ['F6', 'F18'] },
  { do: 'spinDespiteSigterm', covers: ['F6'], on: ['processes'] },
  { do: 'never', covers: ['F2'], on: ['threads', 'processes', 'inline'] },
]

const endlessRows = spins.map(({ do: deed, at, on, covers }): ItemsRow => ({
  kind: 'items',
  name: `${deed}${at === undefined ? '' : ` at ${at}`} past itemTimeoutMs: that item times out, its neighbours arrive`,
  covers: ['P1', 'P5', 'P11', 'P12', ...covers],
  on: on ?? ['threads', 'processes'],
  items: around({ do: deed, ...(at && { at }) }),
  pool: { itemTimeoutMs: ITEM_TIMEOUT_MS },
  dead: { 4: { code: 'ERR_EISENMP_TIMEOUT' } },
}))

export const spinRows: readonly Row[] = [
  ...endlessRows,
  {
    kind: 'items',
    name: 'three loops among twelve items, two workers: three time out',
    covers: ['F6', 'P12'],
    on: ['threads'],
    items: () => Array.from({ length: 12 }, (_, id) => (id % 4 === 1 ? { id, do: 'spin' } : { id })),
    pool: { itemTimeoutMs: ITEM_TIMEOUT_MS },
    dead: {
      1: { code: 'ERR_EISENMP_TIMEOUT' },
      5: { code: 'ERR_EISENMP_TIMEOUT' },
      9: { code: 'ERR_EISENMP_TIMEOUT' },
    },
  },
  {
    kind: 'items',
    name: 'spin once with retries.timeout 1: every item arrives',
    covers: ['F6', 'P2', 'P12'],
    on: ['threads', 'processes'],
    items: () => once({ do: 'spin' })(),
    pool: { itemTimeoutMs: ITEM_TIMEOUT_MS, retries: { timeout: 1 } },
  },
  {
    kind: 'items',
    name: 'many short items that take longer than itemTimeoutMs together: none times out',
    covers: ['F6', 'P12'],
    on: ['threads', 'processes', 'inline'],
    items: () => Array.from({ length: 30 }, (_, id) => ({ id, workMs: 25 })),
    pool: { itemTimeoutMs: 2 * ITEM_TIMEOUT_MS },
    stream: { chunk: 30 },
    restarts: 0,
  },
  {
    kind: 'script',
    name: 'run() past itemTimeoutMs rejects, and a call queued behind it gets its answer',
    covers: ['F6', 'F2', 'P11', 'P12'],
    on: ['threads', 'processes', 'inline'],
    async run(scene) {
      const pool = await scene.open({ workers: 1, itemTimeoutMs: ITEM_TIMEOUT_MS })
      const deed = scene.backend === 'inline' ? 'never' : 'spin'
      const [slow, next] = await Promise.allSettled([
        pool.run('act', { id: 1, do: deed }),
        pool.run('act', { id: 2, once: newPath() }),
      ])
      assert.ok(slow.status === 'rejected' && EisenmpError.is(slow.reason, 'ERR_EISENMP_TIMEOUT'))
      assert.deepEqual(next, { status: 'fulfilled', value: { id: 2 } })
      assert.equal(pool.stats().timeouts, 1)
    },
  },
]
