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

/** Workers that own their loop, and the queues between them, alike on every backend. */
export function loopContract(backend: BackendName): void {
  describe(`loops and queues of a pool of ${backend}`, () => {
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

    it('calls the task until it returns false, in every worker, which then ends; more work starts new ones', async () => {
      await open()
      await run('three')
      assert.deepEqual(
        (await readAll()).map(({ value }) => value as number).sort((a, b) => a - b),
        [1, 1, 2, 2, 3, 3],
      )
      assert.ok(pool.stats().workers.every(({ state }) => state === 'empty'))
      assert.equal(await within(pool.run('square', 7), 'run()'), 49)
      await run('three')
      assert.equal((await readAll()).length, 6)
    })

    it('gives each chunk of a feed once, with tickets from 0; results can be had in order, and stored', async () => {
      await open()
      const fed = pool.feed(count(100), { chunk: 10, queue: pool.queues.input })
      await run('sum')
      await within(fed, 'feed()')
      const store = pool.results({ store: true })
      assert.deepEqual(store.missing(), [])
      assert.match(store.report('Sums'), /^Sums:\n {2}input +10 of 10 answered$/)
      const results = await readAll(true)
      assert.deepEqual(
        results.map(({ ticket }) => ticket),
        count(10).map((serial) => ({ queue: 'input', serial })),
      )
      assert.deepEqual(
        results.map(({ value }) => value),
        count(10).map((n) => n * 100 + 45),
      )
      assert.equal(store.get('input')?.get(3), 345)
      assert.deepEqual([pool.progress.done, pool.progress.total, pool.progress.percent], [100, 100, 100])
    })

    it('lets several feeds run at once, two of them into one queue, each queue with its own serials', async () => {
      // With less room they could wait for each other: one loop for room, the other one for the next of both.
      await open({ queues: { mid: { capacity: 50 }, out: {}, pair } })
      void pool.feed(count(20), { queue: pool.queues.pair.left, chunk: 2 })
      void pool.feed(count(20), { queue: pool.queues.pair.right, chunk: 4 })
      void pool.feed(count(20), { queue: pool.queues.pair.left, chunk: 2 })
      const loops = [pool.loop('move', { closes: [pool.queues.mid, pool.queues.out] }), pool.loop('gather')]
      const results = await within(readAll(true), 'results()')
      await Promise.all(loops)
      const serialsOf = (queue: string): unknown[] =>
        results.filter(({ ticket }) => ticket?.queue === queue).map(({ ticket }) => ticket?.serial)
      assert.deepEqual(serialsOf('pair.left'), count(20))
      assert.deepEqual(serialsOf('pair.right'), count(5))
      const items = results.flatMap(({ value }) => value as number[])
      assert.deepEqual(
        items.sort((a, b) => a - b),
        [...count(20), ...count(20), ...count(20)].sort((a, b) => a - b),
      )
    })

    it('in order steps over chunks that gave nothing', async () => {
      await open()
      void pool.feed(count(20), { chunk: 1 })
      const looped = pool.loop('evens')
      const values = (await within(readAll(true), 'results()')).map(({ value }) => value)
      await looped
      assert.deepEqual(
        values,
        count(10).map((n) => 2 * n),
      )
    })

    for (const name of ['drain', 'whileTaking'] as const) {
      it(`one call may take many chunks: ${name}`, async () => {
        await open()
        void pool.feed(count(60), { chunk: 3 })
        await run(name)
        assert.deepEqual(
          (await readAll(true)).flatMap(({ value }) => value),
          count(60),
        )
      })
    }

    it('a call that throws ends the loop with its error, and what it emitted is forgotten', async () => {
      await open()
      const fed = pool.feed(count(1000), { chunk: 1 })
      const error = await catchError(run('throwAt7'))
      assert.equal(error.code, 'ERR_EISENMP_TASK')
      assert.ok(error.cause instanceof RangeError)
      assert.deepEqual(error.ticket, { queue: 'input', serial: 7 })
      const values = [...pool.results({ store: true }).get('input')!.values()]
      assert.ok(values.length >= 1 && !values.includes(7))
      await pool.close()
      assert.equal((await catchError(fed)).code, 'ERR_EISENMP_CLOSED')
    })

    it('goes on without the chunk when onError says so', async () => {
      await open({ retries: { error: 2 } })
      void pool.feed(count(20), { chunk: 1 })
      const letters: EisenmpError[] = []
      await run('throwAt7', { onError: (error) => letters.push(error) })
      assert.deepEqual(
        letters.map(({ ticket, attempt }) => [ticket?.serial, attempt]),
        [[7, 2]],
      )
      assert.deepEqual(pool.results({ store: true }).missing(), [{ queue: 'input', serial: 7 }])
    })

    it('a call that throws and holds nothing ends the loop; results reject too, after what had come', async () => {
      await open()
      const looped = catchError(run('throwAtOnce'))
      const read = catchError(readAll())
      assert.ok((await looped).cause instanceof TypeError)
      assert.equal(await read, await looped)
    })

    it('a source that fails gives what came before, and then its error to those who take', async () => {
      await open()
      const source = function* (): Generator<number> {
        yield* count(6)
        throw new Error('broken pipe')
      }
      const fed = pool.feed(source(), { chunk: 2 })
      const error = await catchError(run('drain'))
      assert.equal((error.cause as EisenmpError).code, 'ERR_EISENMP_SOURCE')
      assert.match(error.message, /broken pipe/)
      assert.equal((await catchError(fed)).code, 'ERR_EISENMP_SOURCE')
      assert.deepEqual(
        (await catchResults(pool)).flatMap(({ value }) => value as number[]).sort((a, b) => a - b),
        count(6),
      )
    })

    it('put waits for room, in a worker too, and the program takes and puts by itself', async () => {
      await open({ workers: 1, config: { limit: 10 } })
      const looped = run('produce')
      const { mid } = pool.queues
      await waitUntil(() => mid.size === 2 && mid.putters === 1, 'full')
      const taken = []
      for await (const chunk of mid) taken.push(...chunk.items)
      await looped
      assert.deepEqual(taken, count(10))
      assert.deepEqual([mid.isClosed, await mid.take(), mid.tryTake()], [true, undefined, undefined])
      assert.equal((await catchError(mid.put([1]))).code, 'ERR_EISENMP_QUEUE')
      assert.throws(() => mid.tryPut(1), { code: 'ERR_EISENMP_QUEUE' })
      const { out } = pool.queues
      assert.deepEqual([out.tryPut([1, 2]), out.tryPut(3), out.tryPut([]), out.tryPut(4)], [true, true, true, false])
      const put = out.put({ ticket: { queue: 'q', serial: 9 }, items: [5] })
      assert.deepEqual(out.tryTake(), { ticket: { queue: 'out', serial: 0 }, items: [1, 2] })
      await within(put, 'put()')
      assert.deepEqual((await out.take())?.items, [3])
      assert.deepEqual((await out.take())?.items, [])
      assert.deepEqual(await out.take(), { ticket: { queue: 'out', serial: 3 }, items: [5] })
      assert.equal((await catchError(out.put([() => 1] as never))).code, 'ERR_EISENMP_CLONE')
    })

    it('tryPut and tryTake answer at once', async () => {
      await open({ workers: 1 })
      await run('tryBoth')
      assert.deepEqual((await readAll())[0]?.value, [true, [true, true, false], [0], 2, 'mid'])
    })

    it('a chunk that a call asked for and did not wait for is given back', async () => {
      await open()
      void pool.feed(count(30), { queue: pool.queues.pair.left, chunk: 1 })
      void pool.feed(count(30), { queue: pool.queues.pair.right, chunk: 1 })
      const looped = run('race')
      const values = (await readAll()).flatMap(({ value }) => value as number[])
      await looped
      // A queue that ends first ends the loop; nothing was lost before.
      assert.equal(new Set(values).size, Math.max(...values) + 1)
    })

    it('a put into a queue that is closed ends the loop', async () => {
      await open()
      pool.queues.mid.close()
      void pool.feed(count(3), { chunk: 1 })
      const error = await catchError(run('putIntoClosed'))
      assert.equal(error.code, 'ERR_EISENMP_QUEUE')
      assert.match(error.message, /'mid'.*closed/)
    })

    it('a take from a queue that nothing feeds ends the loop with its name', async () => {
      await open()
      void pool.feed(count(3), { queue: pool.queues.pair.left, chunk: 1 })
      const error = await catchError(run('move'))
      assert.equal(error.code, 'ERR_EISENMP_QUEUE')
      assert.match(error.message, /'pair\.right', which nothing feeds/)
    })

    it('a mate comes before the main module, shares its toolbox, and can stop it', async () => {
      const mates = [modules, new URL('../fixtures/supervisor.mate.ts', import.meta.url)]
      await open({ modules: mates, config: { calls: 3 } })
      await run('countCalls')
      await run('waitForChunk')
      const [first] = await readAll()
      assert.deepEqual(first?.value, [['mate'], true, false, 'waitForChunk'])
    })

    it('refuses what cannot be meant, before anything starts', async () => {
      await open()
      const codeOf = async (act: () => unknown): Promise<unknown> => (await catchError((async () => act())())).code
      assert.equal(await codeOf(() => pool.loop('summ' as never)), 'ERR_EISENMP_UNKNOWN_TASK')
      assert.equal(await codeOf(() => pool.loop('sum', { onError: 'never' as never })), 'ERR_EISENMP_OPTION')
      assert.equal(await codeOf(() => pool.feed(5 as never)), 'ERR_EISENMP_SOURCE')
      assert.equal(await codeOf(() => pool.feed([1], { chunk: 0 })), 'ERR_EISENMP_OPTION')
      assert.equal(await codeOf(() => pool.feed([1], { queue: {} as never })), 'ERR_EISENMP_OPTION')
      assert.equal(await codeOf(() => pool.results({ order: true } as never)), 'ERR_EISENMP_OPTION')
      const { queues } = pool as unknown as { queues: { pairr: unknown; pair: { lefd: unknown } } }
      assert.throws(() => queues.pairr, { code: 'ERR_EISENMP_QUEUE', message: /did you mean 'pair'/ })
      assert.throws(() => queues.pair.lefd, { code: 'ERR_EISENMP_QUEUE', message: /did you mean 'left'/ })
      pool.queues.input.close()
      assert.equal(await codeOf(() => pool.feed([1])), 'ERR_EISENMP_QUEUE')
      assert.match((await catchError(run('misspell'))).message, /did you mean 'input'/)
    })

    it('what cannot be copied is refused where it is emitted', async () => {
      await open()
      void pool.feed([1])
      const error = await catchError(run('emitFunction'))
      assert.equal((error.cause as EisenmpError).code, 'ERR_EISENMP_CLONE')
      assert.match(error.message, /result\.results\[0\]/)
    })

    it('destroy() ends loops, takers and putters at once; close() lets what was fed come to its end', async () => {
      await open({ workers: 1 })
      void pool.feed(count(30), { chunk: 1 })
      const looped = pool.loop('sum')
      await waitUntil(() => pool.progress.done > 0, 'progress')
      await within(pool.close(), 'close()')
      await looped
      const served = pool.results({ store: true }).get('input')!.size
      assert.ok(served >= 1, String(served))

      await open({ workers: 1 })
      const waiting = [catchError(run('waitForSignal')), catchError(pool.queues.mid.take()), catchError(readAll())]
      waiting.push(catchError(pool.feed(count(1000), { queue: pool.queues.out, chunk: 1 })))
      await waitUntil(() => pool.queues.out.putters > 0, 'full')
      const put = catchError(pool.queues.out.put([1]))
      await within(pool.destroy(), 'destroy()')
      for (const each of [...waiting, put]) assert.equal((await within(each, 'settled')).code, 'ERR_EISENMP_CLOSED')
    })

    it('shows queues in stats()', async () => {
      await open()
      await pool.queues.mid.put([1, 2, 3])
      const names = pool.stats().queues.map(({ name, category }) => [category, name])
      assert.deepEqual(names, [
        [undefined, 'input'],
        [undefined, 'mid'],
        [undefined, 'out'],
        ['pair', 'left'],
        ['pair', 'right'],
      ])
      const counts = { size: 1, takers: 0, putters: 0, leased: 0, puts: 1, isClosed: false }
      assert.deepEqual(pool.stats().queues[1], { name: 'mid', category: undefined, capacity: 2, ...counts })
    })

    if (backend === 'threads') {
      it('takeSync and putSync block the thread of a worker', async () => {
        await open()
        void pool.feed(count(40), { chunk: 2 })
        const looped = pool.loop('takeBlocked', { closes: [pool.queues.mid] })
        const doubled = []
        for await (const { items } of pool.queues.mid) doubled.push(...items)
        await within(looped, 'loop()')
        assert.deepEqual(
          doubled.sort((a, b) => a - b),
          count(40).map((n) => 2 * n),
        )
        assert.deepEqual(pool.results({ store: true }).missing(), [])
      })
    } else {
      it('takeSync says that it needs a thread', async () => {
        await open()
        void pool.feed(count(4))
        assert.match((await catchError(run('takeBlocked'))).message, /only worker threads/)
      })
    }
  })
}

/** What had come before the results failed. */
async function catchResults(pool: Pool<typeof Loops>): Promise<Result[]> {
  const results: Result[] = []
  try {
    for await (const result of pool.results()) results.push(result)
  } catch {
    // It is told elsewhere.
  }
  return results
}
