import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { EisenmpError, type Pool } from '../../../src/index.ts'
import type * as Faults from '../../fixtures/faults.worker.ts'
import { until, within } from '../deadline.ts'
import type { Row } from '../row.ts'
import type { Scene } from '../scene.ts'

const everywhere = ['threads', 'processes', 'inline'] as const
const both = ['threads', 'processes'] as const

type FaultPool = Pool<typeof Faults>

function open(scene: Scene, options: object = {}): Promise<FaultPool> {
  return scene.open<typeof Faults>({ workers: scene.backend === 'processes' ? 1 : 2, ...options })
}

function* count(end = Infinity): Generator<Faults.Fault> {
  for (let id = 0; id < end; id++) yield { id }
}

const ids = (all: readonly Faults.Done[]): number[] => all.map(({ id }) => id)

function countListeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length
}

/** Item 1 never ends by itself. */
const stuck = (): Faults.Fault[] => [{ id: 0 }, { id: 1, do: 'never' }, { id: 2 }, { id: 3 }]

export const consumerRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'a consumer that leaves at any item: by break, by an error, by return()',
    covers: ['F26', 'P1', 'P6'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      for (const end of [0, 1, 2, 5, 8, 13]) {
        const seen: number[] = []
        for await (const { id } of pool.from(count(), { chunk: 3 }).map('act')) {
          seen.push(id)
          if (id === end) break
        }
        assert.deepEqual(
          seen,
          Array.from({ length: end + 1 }, (_, i) => i),
        )
      }
      const mine = new Error('of the consumer')
      const failing = pool
        .from(count())
        .map('act')
        .forEach(({ id }) => {
          if (id === 4) throw mine
        })
      await assert.rejects(failing, mine)
      const results = pool.from(count()).map('act')[Symbol.asyncIterator]()
      assert.deepEqual((await results.next()).value, { id: 0 })
      assert.deepEqual(await results.return?.(), { done: true, value: undefined })
      assert.deepEqual(await results.return?.(), { done: true, value: undefined })
      assert.deepEqual(await results.next(), { done: true, value: undefined })
      assert.deepEqual(await pool.run('act', { id: 9 }), { id: 9 })
      assert.equal(scene.starts, pool.stats().workers.length)
    },
  },
  {
    kind: 'script',
    name: 'pulls at once are served in turn, beyond the end too',
    covers: ['F26', 'P5'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      const results = pool.from(count(7), { chunk: 2 }).map('act')[Symbol.asyncIterator]()
      const steps = await within('ten pulls', Promise.all(Array.from({ length: 10 }, () => results.next())))
      assert.deepEqual(
        steps.map(({ value }) => value?.id),
        [0, 1, 2, 3, 4, 5, 6, undefined, undefined, undefined],
      )
    },
  },
  {
    kind: 'script',
    name: 'a failed item rejects one of several pulls, for the others the stream is over',
    covers: ['F26', 'P1', 'P11'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      const items: Faults.Fault[] = [{ id: 0 }, { id: 1, do: 'throw' }, { id: 2 }]
      const results = pool.from(items, { chunk: 1 }).map('act')[Symbol.asyncIterator]()
      const steps = await within('pulls', Promise.allSettled(Array.from({ length: 5 }, () => results.next())))
      const rejected = steps.filter((step) => step.status === 'rejected')
      assert.equal(rejected.length, 1)
      assert.ok(EisenmpError.is(rejected[0]?.reason, 'ERR_EISENMP_TASK'))
      assert.deepEqual(await results.next(), { done: true, value: undefined })
    },
  },
  {
    kind: 'script',
    name: 'a consumer leaves while a worker loops: the worker is replaced, the pool goes on',
    covers: ['F26', 'F6', 'P11'],
    on: both,
    async run(scene) {
      const pool = await open(scene, { workers: 1, graceMs: 100 })
      const items: Faults.Fault[] = [{ id: 0 }, { id: 1, do: 'spin' }]
      for await (const { id } of pool.from(items, { chunk: 1 }).map('act')) if (id === 0) break
      assert.deepEqual(await within('run()', pool.run('act', { id: 5 })), { id: 5 })
      // The loop may have begun before the consumer left, or not.
      assert.ok(scene.starts <= 2)
    },
  },
  {
    kind: 'script',
    name: 'abort of a call: before, while it waits, while it runs, after; no listener stays',
    covers: ['F28', 'P1'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene, { workers: 1, graceMs: 100 })
      const reason = new Error('no longer wanted')
      await assert.rejects(pool.run('act', { id: 0 }, { signal: AbortSignal.abort(reason) }), reason)
      const abort = new AbortController()
      const { signal } = abort
      const running = pool.run('act', { id: 1, do: 'never' }, { signal })
      const waiting = pool.run('act', { id: 2 }, { signal })
      const innocent = pool.run('act', { id: 3 })
      await until('the call runs', () => pool.stats().attempts > 0)
      assert.equal(countListeners(signal), 2)
      abort.abort(reason)
      await assert.rejects(within('the running call', running), reason)
      await assert.rejects(within('the waiting call', waiting), reason)
      assert.deepEqual(await within('the other call', innocent), { id: 3 })
      const late = new AbortController()
      assert.deepEqual(await pool.run('act', { id: 4 }, { signal: late.signal }), { id: 4 })
      late.abort(reason)
      assert.equal(countListeners(signal) + countListeners(late.signal), 0)
      assert.deepEqual(await pool.run('act', { id: 5 }), { id: 5 })
    },
  },
  {
    kind: 'script',
    name: 'abort of a call at every instant of it: the value or the reason, once',
    covers: ['F28', 'P1'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      const reason = new Error('no longer wanted')
      for (let instant = 0; instant < 60; instant++) {
        const abort = new AbortController()
        const call = pool.run('act', { id: instant, at: 'middle' }, { signal: abort.signal }).then(
          (done) => assert.deepEqual(done, { id: instant }),
          (error: unknown) => assert.equal(error, reason),
        )
        for (let i = 0; i < instant; i++) await (instant % 2 === 0 ? turn() : Promise.resolve())
        abort.abort(reason)
        await within(`call ${instant}`, call)
        assert.equal(countListeners(abort.signal), 0)
      }
    },
  },
  {
    kind: 'script',
    name: 'abort of a stream: before, during, after; the source is closed, no listener stays',
    covers: ['F28', 'P1', 'P6'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene, { graceMs: 100 })
      const reason = new Error('no longer wanted')
      const early = pool
        .from(count(), { signal: AbortSignal.abort(reason) })
        .map('act')
        .toArray()
      await assert.rejects(within('the early stream', early), reason)
      for (const end of [1, 4, 9]) {
        const abort = new AbortController()
        const source = count()
        const aborted = pool
          .from(source, { signal: abort.signal, chunk: 2 })
          .map('act')
          .forEach(({ id }) => {
            if (id === end) abort.abort(reason)
          })
        await assert.rejects(within('the stream', aborted), reason)
        assert.deepEqual(source.next(), { done: true, value: undefined })
        assert.equal(countListeners(abort.signal), 0)
      }
      const busy = new AbortController()
      const stream = pool.from(stuck(), { signal: busy.signal, chunk: 1 }).map('act').toArray()
      stream.catch(() => {})
      await until('some run', () => pool.stats().ok > 0)
      busy.abort(reason)
      await assert.rejects(within('the stuck stream', stream), reason)
      const late = new AbortController()
      assert.deepEqual(ids(await pool.from(count(3), { signal: late.signal }).map('act').toArray()), [0, 1, 2])
      late.abort(reason)
      assert.equal(countListeners(late.signal), 0)
    },
  },
  {
    kind: 'script',
    name: "abort of the pool's own signal: everything rejects with its reason",
    covers: ['F28', 'P11', 'P14'],
    on: everywhere,
    async run(scene) {
      const abort = new AbortController()
      const pool = await open(scene, { signal: abort.signal })
      const reason = new Error('all over')
      const pending = [
        pool.run('act', { id: 0, do: 'never' }),
        pool.from(stuck(), { chunk: 1 }).map('act').toArray(),
        pool.from(stuck(), { chunk: 1 }).map('act').count(),
      ]
      await until('some run', () => pool.stats().attempts > 0)
      abort.abort(reason)
      for (const end of await within('all', Promise.allSettled(pending))) {
        assert.ok(end.status === 'rejected' && end.reason === reason)
      }
      await assert.rejects(pool.run('act', { id: 1 }), reason)
      await within('close()', pool.close())
      assert.equal(countListeners(abort.signal), 0)
    },
  },
]
