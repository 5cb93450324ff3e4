import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { type BackendName, type Pool, type PoolOptions, createPool } from '../../src/index.ts'
import type * as Loops from '../fixtures/loops.worker.ts'
import { waitUntil, within } from '../support/wait-until.ts'
import { catchError, count } from './pool-contract.ts'

const modules = new URL('../fixtures/loops.worker.ts', import.meta.url)
/** Longer than a worker that was told to leave may take when it has nothing in hand. */
const LONG_MS = 1300

/** Loops while workers come and go, alike on every backend. */
export function loopCrewContract(backend: BackendName): void {
  describe(`loops and the workers of a pool of ${backend}`, () => {
    let pool: Pool<typeof Loops>
    const open = async (options: Partial<PoolOptions> = {}): Promise<void> => {
      pool = await createPool<typeof Loops>({ modules, backend, workers: 2, ...options })
      await waitUntil(() => pool.stats().workers.every(({ state }) => state === 'idle'), 'all ready')
    }
    const readWorkers = async (): Promise<string[]> => {
      const workers = []
      for await (const { worker } of pool.results()) workers.push(worker)
      return workers
    }
    afterEach(() => within(pool.destroy(), 'destroy()'))

    it('resize() waits for the calls in work, however long they take', async () => {
      await open({ retries: { crash: 0 } })
      void pool.feed([LONG_MS, LONG_MS], { chunk: 1 })
      const looped = pool.loop('takeTime')
      await waitUntil(() => pool.stats().queues[0]!.leased === 2, 'both taken')
      await within(pool.resize(1), 'resize()')
      await within(looped, 'loop()')
      assert.deepEqual([(await readWorkers()).length, pool.stats().crashes], [2, 0])
    })

    it('a worker that comes with resize() takes part, also in the place of one that has left', async () => {
      await open()
      const fed = catchError(pool.feed(new Array<number>(10_000).fill(5), { chunk: 1 }))
      const looped = pool.loop('takeTime')
      await waitUntil(() => pool.progress.done > 4, 'progress')
      await within(pool.resize(1), 'resize()')
      const reading = readWorkers()
      await within(pool.resize(2), 'resize()')
      const before = pool.progress.done
      await waitUntil(() => pool.progress.done > before + 20, 'progress')
      await within(pool.close(), 'close()')
      await within(looped, 'loop()')
      assert.equal((await fed)?.code, 'ERR_EISENMP_CLOSED')
      const late = (await reading).slice(-10)
      assert.ok(
        late.some((worker) => worker.startsWith('1.')),
        late.join(' '),
      )
    })

    it('ends as well when a worker that had ended was started anew for other work', async () => {
      await open()
      void pool.feed([1, LONG_MS], { chunk: 1 })
      const looped = pool.loop('takeTime')
      await waitUntil(() => pool.stats().workers.some(({ state }) => state === 'empty'), 'one has ended')
      assert.equal(await within(pool.run('square', 3), 'run()'), 9)
      await within(looped, 'loop()')
      assert.deepEqual(pool.results({ store: true }).missing(), [])
    })

    it('goes on in workers that are recycled', async () => {
      await open({ recycle: { afterItems: 2 } })
      void pool.feed(new Array<number>(40).fill(10), { chunk: 1 })
      const looped = pool.loop('takeTime')
      for (const n of count(8)) assert.equal(await within(pool.run('square', n), 'run()'), n * n)
      await within(looped, 'loop()')
      assert.deepEqual(pool.results({ store: true }).missing(), [])
    })

    it('who reads the results need not wait for the loop, and nor must who closes the pool', async () => {
      await open()
      void pool.loop('throwAtOnce')
      assert.ok((await catchError(readWorkers())).cause instanceof TypeError)
      void pool.loop('waitForSignal')
      await within(pool.destroy(), 'destroy()')
    })
  })
}
