import assert from 'node:assert/strict'
import { EisenmpError, type Pool } from '../../../src/index.ts'
import type * as Faults from '../../fixtures/faults.worker.ts'
import { stretch, until, within } from '../deadline.ts'
import type { Row } from '../row.ts'
import { newPath } from '../scene.ts'
import type { Scene } from '../scene.ts'

const everywhere = ['threads', 'processes', 'inline'] as const
const both = ['threads', 'processes'] as const

type FaultPool = Pool<typeof Faults>

const closed = { code: 'ERR_EISENMP_CLOSED' }

function open(scene: Scene, options: object = {}): Promise<FaultPool> {
  return scene.open<typeof Faults>({ workers: scene.backend === 'processes' ? 1 : 2, ...options })
}

async function isRunning(pool: FaultPool): Promise<void> {
  await until('something runs', () => pool.stats().attempts > 0)
}

async function assertRefuses(pool: FaultPool): Promise<void> {
  await assert.rejects(within('run()', pool.run('act', { id: 0 })), closed)
  await assert.rejects(
    within(
      'toArray()',
      pool
        .from([{ id: 0 }])
        .map('act')
        .toArray(),
    ),
    closed,
  )
  await assert.rejects(
    within(
      'count()',
      pool
        .from([{ id: 0 }])
        .map('act')
        .count(),
    ),
    closed,
  )
}

/** What a worker is at while its pool ends. */
const busyWith: readonly Faults.Deed[] = ['spin', 'promiseLoop', 'atomicsWait', 'never', 'spinDespiteSigterm']

export const closingRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'close(): what is in work comes out, nothing more is taken in',
    covers: ['P14', 'P16', 'P1'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene, { graceMs: 5000 })
      const calls = Array.from({ length: 6 }, (_, id) => pool.run('act', { id, workMs: 20 }))
      const closing = pool.close()
      await assertRefuses(pool)
      await within('close()', closing)
      assert.deepEqual(
        await Promise.all(calls),
        Array.from({ length: 6 }, (_, id) => ({ id })),
      )
      await assertRefuses(pool)
      await within('close() again', pool.close())
      await within('destroy() after it', pool.destroy())
      await within('asyncDispose', pool[Symbol.asyncDispose]())
    },
  },
  {
    kind: 'script',
    name: 'close() of a stream: what was started comes out, then ERR_EISENMP_CLOSED',
    covers: ['P14', 'P1', 'F25'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene, { graceMs: 5000 })
      let returns = 0
      function* source(): Generator<Faults.Fault> {
        try {
          for (let id = 0; ; id++) yield { id, workMs: 2 }
        } finally {
          returns += 1
        }
      }
      const seen: number[] = []
      let closing: Promise<void> | undefined
      const stream = pool
        .from(source(), { chunk: 2 })
        .map('act')
        .forEach((done) => {
          seen.push(done.id)
          if (done.id === 3) closing = pool.close()
        })
      await assert.rejects(within('the stream', stream), closed)
      await within('close()', closing!)
      assert.deepEqual(
        seen,
        Array.from({ length: seen.length }, (_, i) => i),
      )
      assert.equal(seen.length, pool.stats().ok)
      assert.equal(returns, 1)
    },
  },
  {
    kind: 'script',
    name: 'close() with a worker that does not end: after graceMs it is ended, its call rejects',
    covers: ['P14', 'F6', 'P11', 'P16'],
    on: both,
    async run(scene) {
      for (const deed of busyWith) {
        const pool = await open(scene, { workers: 1, graceMs: 50 })
        const call = pool.run('act', { id: 1, do: deed })
        call.catch(() => {})
        await isRunning(pool)
        const before = performance.now()
        await within('close()', pool.close())
        // The grace, the deadline for an end, and a second.
        assert.ok(performance.now() - before < stretch(50 + 1000 + 1000), deed)
        await assert.rejects(within('the call', call), closed)
      }
    },
  },
  {
    kind: 'script',
    name: 'close() and destroy() at once, twice, in any order',
    covers: ['P14', 'P16', 'F28'],
    on: everywhere,
    async run(scene) {
      const orders: readonly (readonly ('close' | 'destroy')[])[] = [
        ['close', 'close'],
        ['close', 'destroy'],
        ['destroy', 'close'],
        ['destroy', 'destroy'],
      ]
      for (const order of orders) {
        const pool = await open(scene, { workers: 1 })
        const call = pool.run('act', { id: 1, do: 'never' })
        call.catch(() => {})
        await isRunning(pool)
        await within(order.join(), Promise.all(order.map((end) => pool[end]())))
        await assert.rejects(within('the call', call), closed)
        await assertRefuses(pool)
      }
    },
  },
  {
    kind: 'script',
    name: 'destroy() inside of forEach, and of a loop',
    covers: ['P14', 'F26'],
    on: everywhere,
    async run(scene) {
      const items = (): Faults.Fault[] => Array.from({ length: 20 }, (_, id) => ({ id }))
      const pool = await open(scene)
      const each = pool
        .from(items(), { chunk: 2 })
        .map('act')
        .forEach(({ id }) => (id === 3 ? pool.destroy() : undefined))
      await assert.rejects(within('forEach', each), closed)
      const second = await open(scene)
      const loop = async (): Promise<void> => {
        for await (const { id } of second.from(items(), { chunk: 2 }).map('act')) if (id === 3) await second.destroy()
      }
      await assert.rejects(within('the loop', loop()), closed)
    },
  },
  {
    kind: 'script',
    name: 'destroy() while workers start, and while one is being replaced',
    covers: ['P14', 'P16', 'P11'],
    on: both,
    async run(scene) {
      const pool = await open(scene, { workers: 2 })
      // Ready with the first; the second may still be starting.
      await within('destroy()', pool.destroy())
      const dying = await open(scene, { workers: 1 })
      const call = dying.run('act', { id: 1, do: 'exit', once: newPath() })
      call.catch(() => {})
      await until('the replacement starts', () => dying.stats().workers[0]?.restarts === 1)
      await within('destroy()', dying.destroy())
      await assert.rejects(within('the call', call), closed)
    },
  },
  {
    kind: 'script',
    name: 'recycle.afterItems: workers are replaced between chunks, nothing is lost',
    covers: ['P2', 'P5', 'P16'],
    on: both,
    async run(scene) {
      const pool = await open(scene, { workers: 1, recycle: { afterItems: 4 } })
      const done = await pool
        .from(
          Array.from({ length: 10 }, (_, id) => ({ id })),
          { chunk: 2 },
        )
        .map('act')
        .toArray()
      assert.deepEqual(
        done.map(({ id }) => id),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      )
      assert.ok(scene.starts >= 2)
      assert.equal(pool.stats().crashes, 0)
    },
  },
  {
    kind: 'script',
    name: 'recycle.maxHeapMb: a worker over it is replaced, nothing is lost',
    covers: ['P2', 'P5', 'P16'],
    on: both,
    async run(scene) {
      const pool = await open(scene, { workers: 1, recycle: { maxHeapMb: 1 } })
      const done = await pool
        .from(
          Array.from({ length: 4 }, (_, id) => ({ id })),
          { chunk: 2 },
        )
        .map('act')
        .toArray()
      assert.deepEqual(
        done.map(({ id }) => id),
        [0, 1, 2, 3],
      )
      assert.ok(scene.starts >= 2)
      assert.equal(pool.stats().crashes, 0)
    },
  },
  {
    kind: 'script',
    name: 'more restarts than allowed while work is pending: all of it rejects, nothing hangs',
    covers: ['P9', 'P11', 'F3'],
    on: both,
    async run(scene) {
      const pool = await open(scene, { workers: 1, restarts: { max: 0, withinMs: 60_000 } })
      // The result is out before the worker dies, so no item explains the death.
      const first = await pool.run('act', { id: 1, at: 'afterResult', do: 'exit' })
      assert.deepEqual(first, { id: 1 })
      await until('the worker is gone', () => pool.stats().workers[0]?.state === 'empty')
      const error: unknown = await within('run()', pool.run('act', { id: 2 })).catch((thrown: unknown) => thrown)
      assert.ok(EisenmpError.is(error, 'ERR_EISENMP_RESTARTS'), String(error))
      assert.equal(error.deaths?.length, 1)
    },
  },
]
