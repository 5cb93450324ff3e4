import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, before, describe, it } from 'node:test'
import type { EisenmpError } from '../../src/index.ts'
import { type BackendName, type Pool, createPool, indexed, permutations, range } from '../../src/index.ts'
import { catchError } from './pool-contract.ts'
import type * as Tasks from '../fixtures/indexed.worker.ts'

const modules = new URL('../fixtures/indexed.worker.ts', import.meta.url)

/** What indexed sources do alike on every backend. */
export function indexedContract(backend: BackendName): void {
  describe(`indexed sources in ${backend}`, () => {
    let pool: Pool<typeof Tasks>
    before(async () => {
      pool = await createPool<typeof Tasks>({ modules, backend, workers: 2 })
    })
    after(() => pool.destroy())

    it('gives what the same items from a generator give, through every stage and end', async () => {
      for (const chunk of ['auto', 7] as const) {
        const source = range(-5, 100, 3)
        const items = [...source]
        const stream = (): ReturnType<typeof pool.from<number>> => pool.from(source, { chunk })
        const plain = (): ReturnType<typeof pool.from<number>> => pool.from(items, { chunk })
        assert.deepEqual(await stream().toArray(), items)
        assert.deepEqual(await stream().map('double').toArray(), await plain().map('double').toArray())
        assert.deepEqual(await stream().map('doubleLater').toArray(), await plain().map('double').toArray())
        assert.deepEqual(
          await stream().filter('isEven').map('double').toArray(),
          await plain().filter('isEven').map('double').toArray(),
        )
        assert.deepEqual(await stream().flatMap('twice').toArray(), await plain().flatMap('twice').toArray())
        assert.equal(await stream().filter('isEven').count(), items.filter((n) => n % 2 === 0).length)
        assert.equal(await stream().filter('isEvenLater').count(), items.filter((n) => n % 2 === 0).length)
        assert.equal(await stream().count(), items.length)
        assert.equal(await stream().map('double').reduce('add', 1), await plain().map('double').reduce('add', 1))
        assert.equal(await stream().reduce('addLater', 0), await plain().reduce('add', 0))
      }
      assert.deepEqual(await pool.from(range(0, 7), { chunk: 3 }).mapChunks('reverse').toArray(), [2, 1, 0, 5, 4, 3, 6])
      assert.deepEqual(await pool.from(range(0, 0)).map('double').toArray(), [])
    })

    it('gives permutations in order, and every one of them once', async () => {
      const source = permutations('mississi')
      const all = await pool.from(source, { chunk: 37 }).map('echo').toArray()
      assert.deepEqual(all, [...source])
      assert.equal(new Set(all).size, source.length)
      assert.deepEqual(all, all.toSorted())
    })

    it('reads sources of a module', async () => {
      const url = new URL('../fixtures/own-sources.ts', import.meta.url)
      const squares = await indexed<number>(url, { export: 'squares', args: [5000] })
      assert.equal(await pool.from(squares).reduce('add', 0), (4999 * 5000 * 9999) / 6)
      assert.deepEqual(
        await pool
          .from(await indexed<string>(url))
          .map('echo')
          .toArray(),
        ['a', 'b', 'c'],
      )
      const seen: unknown[] = []
      const onError = ({ code, index, message }: EisenmpError): void => void seen.push([code, index, message])
      const holey = await indexed<number>(url, { export: 'holey' })
      assert.deepEqual(await pool.from(holey, { chunk: 4, onError }).map('double').toArray(), [0, 2, 4, 8, 10])
      const message = 'Cannot make item 3 from the source: a hole'
      assert.deepEqual(seen, [['ERR_EISENMP_SOURCE', 3, message]])
      const short = await indexed<number>(url, { export: 'short' })
      const error = await catchError(pool.from(short, { chunk: 4 }).mapChunks('reverse').toArray())
      assert.deepEqual([error.code, error.index], ['ERR_EISENMP_SOURCE', 2])
    })

    it('counts ten million numbers in a bounded number of chunks', async () => {
      let chunks = 0
      const count = (): void => void (chunks += 1)
      subscribe('eisenmp:chunk:sent', count)
      try {
        assert.equal(await pool.from(range(0, 10_000_000)).filter('isEven').count(), 5_000_000)
      } finally {
        unsubscribe('eisenmp:chunk:sent', count)
      }
      assert.ok(chunks < 1000, String(chunks))
    })

    it('counts many numbers', async () => {
      assert.equal(await pool.from(range(0, 1_000_000)).filter('isEven').count(), 500_000)
    })

    it('knows its total, and counts each item once', async () => {
      const settled = pool.stats().ok
      await pool.from(range(0, 5000)).map('double').count()
      const { total, done } = pool.progress
      assert.deepEqual([total, done], [5000, 5000])
      assert.equal(pool.stats().ok - settled, 5000)
    })

    it('names the item and the index of a task that throws', async () => {
      for (const name of ['refuseThird', 'refuseThirdLater'] as const) {
        const error = await catchError(
          pool
            .from(range(0, 90, 10))
            .map(name)
            .toArray(),
        )
        assert.deepEqual([error.code, error.item, error.index], ['ERR_EISENMP_TASK', 20, 2])
        const seen: unknown[] = []
        const onError = ({ index, item }: EisenmpError): void => void seen.push([index, item])
        const kept = await pool
          .from(range(0, 90, 10), { chunk: 4, onError })
          .map(name)
          .toArray()
        assert.deepEqual(kept, [0, 10, 30, 40, 60, 70])
        assert.deepEqual(seen, [
          [2, 20],
          [5, 50],
          [8, 80],
        ])
        assert.equal(
          await pool
            .from(range(0, 90, 10), { chunk: 4, onError: 'skip' })
            .map(name)
            .count(),
          6,
        )
        const sum = await pool
          .from(range(0, 90, 10), { chunk: 4, onError: 'skip' })
          .map(name)
          .reduce('add', 0)
        assert.equal(sum, 210)
      }
    })

    it('gives back what it was made of, when the consumer leaves', async () => {
      for await (const n of pool.from(range(0, 1e12)).map('double')) if (n > 100) break
      assert.equal(await pool.run('double', 4), 8)
    })

    if (backend !== 'inline') {
      it('charges the one item that ends its worker; the others give what they give', async () => {
        const seen: unknown[] = []
        const onError = ({ code, index, item, deaths }: EisenmpError): void =>
          void seen.push([code, index, item, deaths?.length])
        const count = await pool.from(range(0, 30_000), { onError }).filter('dieAt20000').count()
        assert.equal(count, 14_999)
        assert.deepEqual(seen, [['ERR_EISENMP_CRASH', 20_000, 20_000, 3]])
      })

      it('runs nothing twice with at most once', async () => {
        const once = await createPool<typeof Tasks>({
          modules,
          backend,
          workers: 1,
          retries: { crash: 0, error: 0, timeout: 0 },
        })
        try {
          const seen: unknown[] = []
          const onError = ({ code, index }: EisenmpError): void => void seen.push([code, index])
          const kept = await once.from(range(19_990, 20_010), { onError, chunk: 8 }).map('dieAt20000').count()
          assert.equal(kept, 19)
          assert.deepEqual(seen, [['ERR_EISENMP_OUTCOME_UNKNOWN', 10]])
        } finally {
          await once.destroy()
        }
      })

      it('counts the time of each item by itself, also among short ones', async () => {
        const timed = await createPool<typeof Tasks>({ modules, backend, workers: 1, itemTimeoutMs: 2000 })
        try {
          assert.equal(await timed.from(range(0, 500)).map('spinFrom200To202').count(), 500)
        } finally {
          await timed.destroy()
        }
      })

      it('ends an item that takes too long, and only that', async () => {
        const timed = await createPool<typeof Tasks>({ modules, backend, workers: 2, itemTimeoutMs: 200 })
        try {
          const seen: unknown[] = []
          const onError = ({ code, index }: EisenmpError): void => void seen.push([code, index])
          assert.equal(await timed.from(range(0, 500), { onError }).map('spinAt100').count(), 499)
          assert.deepEqual(seen, [['ERR_EISENMP_TIMEOUT', 100]])
        } finally {
          await timed.destroy()
        }
      })
    }
  })
}
