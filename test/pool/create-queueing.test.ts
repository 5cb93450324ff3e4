import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createPool } from '../../src/index.ts'
import type * as Loops from '../fixtures/loops.worker.ts'
import { within } from '../support/wait-until.ts'

it('loops count in the progress of their pool, by what they report or by what they were given', async () => {
  const modules = new URL('../fixtures/loops.worker.ts', import.meta.url)
  const pool = await createPool<typeof Loops>({ modules, backend: 'inline', workers: 1 })
  assert.equal(pool.progress.done, 0)
  void pool.feed([1, 2, 3, 4], { chunk: 2 })
  await within(pool.loop('evens'), 'loop()')
  assert.deepEqual([pool.progress.done, pool.progress.total], [4, 4])
  await within(pool.close(), 'close()')
})
