import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPool } from '../../src/index.ts'
import { fromSharedArray } from '../../src/sources/shared-array.ts'
import type * as Tasks from '../fixtures/indexed.worker.ts'

describe('typed arrays in shared memory', () => {
  it('are indexed sources; others, and what is no array, are not', () => {
    const shared = new Float64Array(new SharedArrayBuffer(80)).fill(2)
    const source = fromSharedArray(shared)
    assert.equal(source?.length, 10)
    assert.deepEqual([...source.slice(8)], [2, 2])
    for (const value of [new Float64Array(4), [1], new DataView(new SharedArrayBuffer(8)), null, 'x'])
      assert.equal(fromSharedArray(value), undefined)
  })

  for (const backend of ['threads', 'processes', 'inline'] as const) {
    it(`stream from ${backend}`, async () => {
      const pool = await createPool<typeof Tasks>({
        modules: new URL('../fixtures/indexed.worker.ts', import.meta.url),
        backend,
        workers: 2,
      })
      try {
        const shared = Int32Array.from({ length: 3000 }, (_, i) => i)
        const array = new Int32Array(new SharedArrayBuffer(shared.byteLength))
        array.set(shared)
        assert.equal(await pool.from(array).filter('isEven').count(), 1500)
        const big = new BigInt64Array(new SharedArrayBuffer(16)).fill(7n)
        assert.deepEqual(await pool.from(big).map('echo').toArray(), [7n, 7n])
      } finally {
        await pool.close()
      }
    })
  }
})
