import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import {
  type BackendName,
  type EisenmpError,
  type Pool,
  type PoolOptions,
  type Result,
  createPool,
} from '../../src/index.ts'
import type * as Loops from '../fixtures/loops.worker.ts'
import { waitUntil, within } from '../support/wait-until.ts'
import { catchError, count } from './pool-contract.ts'

const modules = new URL('../fixtures/loops.worker.ts', import.meta.url)
const pair = { left: { capacity: 2 }, right: { capacity: 1 } }

/** Workers that die in their loops, alike on every backend whose workers can. */
export function loopDeathContract(backend: Exclude<BackendName, 'inline'>): void {
  describe(`deaths in loops of a pool of ${backend}`, () => {
    let pool: Pool<typeof Loops>
    const open = async (options: Partial<PoolOptions> = {}): Promise<void> => {
      const queues = { mid: { capacity: 2 }, out: { capacity: 3 }, pair }
      pool = await createPool<typeof Loops>({ modules, backend, workers: 2, queues, ...options })
    }
    const readAll = async (ordered = false): Promise<Result[]> => {
      const results = []
      for await (const result of pool.results({ ordered })) results.push(result)
      return results
    }
    const run = (name: Parameters<typeof pool.loop>[0], options?: Parameters<typeof pool.loop>[1]): Promise<void> =>
      within(pool.loop(name, options), name)
    afterEach(() => within(pool.destroy(), 'destroy()'))

    it('a chunk that comes back when all others have ended is taken by one that is started for it', async () => {
      await open()
      const stateOf = (index: number): unknown => pool.stats().workers[index]?.state
      const looped = run('keep')
      await pool.feed([5])
      await waitUntil(() => pool.queues.input.size === 0, 'taken')
      pool.queues.mid.close()
      await waitUntil(() => stateOf(0) === 'empty' && stateOf(1) === 'busy', 'the first has ended')
      await within(pool.resize(1), 'resize()')
      await looped
      assert.equal(pool.results({ store: true }).get('input')?.get(0), 5)
    })

    it('a chunk that kills its workers is given up; only that one', async () => {
      await open()
      void pool.feed(count(20), { chunk: 1 })
      const letters: EisenmpError[] = []
      await run('dieAt7', { onError: (error) => letters.push(error) })
      assert.deepEqual(
        letters.map(({ code, ticket }) => [code, ticket?.serial]),
        [['ERR_EISENMP_CRASH', 7]],
      )
      assert.equal(letters[0]!.deaths?.length, 3)
      assert.deepEqual(pool.results({ store: true }).missing(), [{ queue: 'input', serial: 7 }])
    })

    it('with retries.crash 0 its outcome is unknown, and the loop ends', async () => {
      await open({ retries: { crash: 0 } })
      void pool.feed(count(20), { chunk: 1 })
      const error = await catchError(run('dieAt7'))
      assert.deepEqual([error.code, error.ticket?.serial], ['ERR_EISENMP_OUTCOME_UNKNOWN', 7])
    })

    for (const name of ['sum', 'drain', 'whileTaking'] as const) {
      it(`workers that die at random lose nothing and double nothing: ${name}`, async () => {
        await open({ config: { deaths: 0.1 }, retries: { crash: 50 }, restarts: { max: 1000 } })
        void pool.feed(count(120), { chunk: 3 })
        await run(name)
        const results = await readAll(true)
        assert.deepEqual(
          results.map(({ ticket }) => ticket?.serial),
          count(40),
        )
      })
    }

    it('two loops over four queues, with random deaths, lose nothing and double nothing', async () => {
      await open({ config: { deaths: 0.03 }, retries: { crash: 50 }, restarts: { max: 1000 } })
      void pool.feed(count(90), { queue: pool.queues.pair.left, chunk: 3 })
      void pool.feed(count(60), { queue: pool.queues.pair.right, chunk: 2 })
      const loops = [pool.loop('move', { closes: [pool.queues.mid, pool.queues.out] }), pool.loop('gather')]
      const results = await within(readAll(true), 'results()', 60_000)
      await Promise.all(loops)
      for (const [queue, items] of [
        ['pair.left', 90],
        ['pair.right', 60],
      ] as const) {
        const own = results.filter(({ ticket }) => ticket?.queue === queue)
        assert.deepEqual(
          own.flatMap(({ value }) => value),
          count(items),
        )
      }
    })
  })
}
