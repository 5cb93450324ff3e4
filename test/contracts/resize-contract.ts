import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { type BackendName, type Pool, createPool } from '../../src/index.ts'
import type * as Tasks from '../fixtures/tasks.worker.ts'
import { within } from '../support/wait-until.ts'
import { assertBooksAgree, catchError, count } from './pool-contract.ts'

const modules = new URL('../fixtures/tasks.worker.ts', import.meta.url)

/** More and fewer workers while a pool works, alike on every backend. */
export function resizeContract(backend: BackendName): void {
  describe(`resize() of a pool of ${backend}`, () => {
    const indexes = (of: Pool<typeof Tasks>): number[] => of.stats().workers.map(({ index }) => index)
    let other: Pool<typeof Tasks>
    const open = async (workers: number): Promise<void> => {
      other = await createPool<typeof Tasks>({ modules, backend, workers, retries: { crash: 0 } })
    }
    afterEach(() => other.destroy())

    it('starts more and lets the highest leave, while a stream runs and loses nothing', async () => {
      await open(1)
      const results = other.from(count(300), { chunk: 2 }).map('takeSomeTime').toArray()
      await within(other.resize(3), 'three')
      assert.deepEqual(indexes(other), [0, 1, 2])
      await within(other.resize(1), 'one')
      assert.deepEqual(indexes(other), [0])
      assert.deepEqual(await results, count(300))
      const { workers, crashes } = other.stats()
      assert.deepEqual([workers[0]?.restarts, crashes], [0, 0])
      assertBooksAgree(other.stats())
    })

    it('waits for what a worker has in hand, and the last of several calls counts', async () => {
      await open(2)
      const calls = count(8).map((n) => other.run('takeSomeTime', n))
      await within(Promise.all([other.resize(1), other.resize(4), other.resize(2)]), 'two')
      assert.deepEqual(indexes(other), [0, 1])
      assert.deepEqual(await Promise.all(calls), count(8))
      assert.equal(other.stats().crashes, 0)
    })

    it('refuses what is no number of workers, and a pool that is closed', async () => {
      await open(1)
      for (const size of [0, 1.5, -1, Number.NaN, Infinity, '2', undefined]) {
        assert.equal((await catchError(other.resize(size as number))).code, 'ERR_EISENMP_OPTION', String(size))
      }
      await within(other.resize(1), 'as it is')
      await other.close()
      assert.equal((await catchError(other.resize(2))).code, 'ERR_EISENMP_CLOSED')
    })

    it('rejects when the pool ends before', async () => {
      await open(2)
      const held = catchError(other.run('waitForAbort', 0))
      const resized = catchError(other.resize(3))
      await within(other.destroy(), 'destroy()')
      assert.equal((await resized).code, 'ERR_EISENMP_CLOSED')
      assert.equal((await held).code, 'ERR_EISENMP_CLOSED')
    })
  })
}
