import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type BackendName, type Books, EisenmpError, type Pool, createPool } from '../../src/index.ts'
import type * as Tasks from '../fixtures/tasks.worker.ts'
import { WatchedSource } from '../support/watched-source.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const modules = new URL('../fixtures/tasks.worker.ts', import.meta.url)

export function count(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export async function catchError(promise: Promise<unknown>): Promise<EisenmpError> {
  const error: unknown = await promise.then(
    () => assert.fail('it did not reject'),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error), String(error))
  return error
}

/** What stands in `docs/`: counts agree when nothing is in work. */
export function assertBooksAgree({
  pulled,
  ok,
  failed,
  attempts,
  errors,
  crashes,
  timeouts,
  staleResults,
}: Books): void {
  assert.equal(pulled, ok + failed)
  assert.equal(attempts, ok + errors + crashes + timeouts + staleResults)
}

/** What a pool does alike on every backend. */
export function poolContract(backend: BackendName): void {
  describe(`a pool of ${backend}`, () => {
    let pool: Pool<typeof Tasks>
    before(async () => {
      pool = await createPool<typeof Tasks>({ modules, backend, workers: 2 })
    })
    after(() => pool.destroy())

    describe('run()', () => {
      it('gives each call its own result', async () => {
        const calls = count(50).map((n) => pool.run(n % 2 === 0 ? 'double' : 'doubleLater', n))
        assert.deepEqual(
          await Promise.all(calls),
          count(50).map((n) => n * 2),
        )
        assert.equal(await pool.run('nothing'), undefined)
      })

      it('rejects with what the task threw, and all there is to know about it', async () => {
        const error = await catchError(pool.run('refuseThird', 5))
        assert.equal(error.code, 'ERR_EISENMP_TASK')
        assert.equal(error.message, "Cannot take item 0 through 'refuseThird': no luck with 5")
        assert.ok(error.cause instanceof RangeError)
        assert.deepEqual([error.item, error.index, error.attempt, error.ticket?.queue], [5, 0, 1, 'calls'])
        assert.ok(pool.stats().workers.some(({ id }) => id === error.worker))
      })

      it('copies its item at once', async () => {
        const item = { list: [1] }
        const call = pool.run('echo', item)
        item.list.push(2)
        assert.deepEqual(await call, { list: [1] })
      })

      it('knows the nearest name of a task that there is not', async () => {
        const error = await catchError((pool as Pool).run('duoble', 1))
        assert.equal(error.code, 'ERR_EISENMP_UNKNOWN_TASK')
        assert.match(error.message, /^Cannot find task "duoble" for run\(\): .*did you mean 'double'\?$/)
      })

      it('rejects with the reason of its signal, and tells the task', async () => {
        const reason = new Error('enough')
        const controller = new AbortController()
        const call = pool.run('waitForAbort', 0, { signal: controller.signal })
        await pool.run('double', 1)
        controller.abort(reason)
        await assert.rejects(call, reason)
        await assert.rejects(pool.run('double', 1, { signal: controller.signal }), reason)
        assert.equal(await within(pool.run('double', 2), 'a call after an abort'), 4)
      })
    })

    describe('a stream', () => {
      it('goes through each kind of stage', async () => {
        assert.deepEqual(await pool.from(count(5)).map('double').toArray(), [0, 2, 4, 6, 8])
        assert.deepEqual(await pool.from(count(5)).map('doubleLater').toArray(), [0, 2, 4, 6, 8])
        assert.deepEqual(await pool.from(count(5)).filter('isEven').toArray(), [0, 2, 4])
        assert.deepEqual(await pool.from(count(4)).flatMap('countTo').toArray(), [0, 0, 1, 0, 1, 2])
        assert.deepEqual(await pool.from(count(5), { chunk: 2 }).mapChunks('reverse').toArray(), [1, 0, 3, 2, 4])
        assert.deepEqual(await pool.from(count(3)).toArray(), [0, 1, 2])
        assert.deepEqual(await pool.map('double', count(3)).toArray(), [0, 2, 4])
        const all = pool
          .from(count(9), { chunk: 4 })
          .filter('isEven')
          .map('double')
          .flatMap('countTo')
          .mapChunks('reverse')
        assert.equal(await all.filter('isEven').count(), 20)
      })

      it('comes to each kind of end', async () => {
        const stream = (): ReturnType<typeof pool.map<number, 'double'>> => pool.map('double', count(10), { chunk: 3 })
        assert.equal(await stream().count(), 10)
        assert.equal(await stream().reduce('add', 1000), 1090)
        assert.equal(await stream().reduce('addLater', 0), 90)
        const seen: number[] = []
        await stream().forEach((n) => seen.push(n))
        for await (const n of stream()) seen.push(n)
        assert.deepEqual(
          seen,
          [...count(10), ...count(10)].map((n) => n * 2),
        )
        const chunks = await collect(stream().chunks())
        assert.deepEqual(
          chunks.map(({ ticket, items }) => [ticket.serial, items]),
          [
            [0, [0, 2, 4]],
            [1, [6, 8, 10]],
            [2, [12, 14, 16]],
            [3, [18]],
          ],
        )
      })

      it('reads every kind of source', async () => {
        const { Readable } = await import('node:stream')
        const sources = [
          new Set([1, 2, 3]),
          Uint8Array.of(1, 2, 3),
          [1, 2, 3].values(),
          [Promise.resolve(1), 2, 3],
          new WatchedSource((i) => i + 1, 3),
          Readable.from([1, 2, 3]),
          Readable.toWeb(Readable.from([1, 2, 3])) as AsyncIterable<number>,
        ]
        for (const source of sources)
          assert.deepEqual(
            await pool
              .from<number>(source as number[])
              .map('double')
              .toArray(),
            [2, 4, 6],
          )
      })

      it('is empty for an empty source, and one for one', async () => {
        const empty = pool.from<number>([])
        assert.deepEqual(await empty.map('double').toArray(), [])
        assert.deepEqual(await collect(empty.chunks()), [])
        assert.equal(await empty.count(), 0)
        assert.equal(await empty.reduce('add', 7), 7)
        assert.equal(await empty.mapChunks('measure').count(), 0)
        assert.deepEqual(await pool.from([4]).map('double').toArray(), [8])
      })

      for (const chunk of [1, 7, 'auto', { maxItems: 5 }, { targetMs: 1, maxBytes: 100 }] as const) {
        it(`keeps the order whatever takes how long (chunk: ${JSON.stringify(chunk)})`, async () => {
          assert.deepEqual(await pool.from(count(60), { chunk }).map('takeSomeTime').toArray(), count(60))
          const unordered = await pool.from(count(60), { chunk, ordered: false }).map('takeSomeTime').toArray()
          assert.deepEqual(
            unordered.toSorted((a, b) => a - b),
            count(60),
          )
        })
      }

      it('reduces in order: associative is enough', async () => {
        const expected = count(100)
          .map((n) => `${n},`)
          .join('')
        for (const chunk of [1, 7, 'auto'] as const)
          assert.equal(await pool.from(count(100), { chunk }).map('toText').reduce('join', '>'), `>${expected}`)
      })
    })

    describe('onError', () => {
      const good = count(12).filter((n) => n % 3 !== 2)

      it("'throw' ends the stream at the first failed item, behind the results before it", async () => {
        const seen: number[] = []
        const source = new WatchedSource((i) => i)
        const stream = pool.from(source, { chunk: 2 }).map('refuseThird')
        const error = await catchError(stream.forEach((n) => seen.push(n)))
        assert.deepEqual([error.code, error.index, error.item, error.ticket?.serial], ['ERR_EISENMP_TASK', 2, 2, 1])
        assert.deepEqual(seen, [0, 1])
        assert.deepEqual([source.returns, source.violations], [1, 0])
      })

      for (const chunk of [1, 2, 3, 12, 'auto'] as const) {
        it(`'skip' leaves failed items out, wherever they stand in their chunk (chunk: ${chunk})`, async () => {
          const options = { chunk, onError: 'skip' } as const
          const stream = pool.from(count(12), options).map('refuseThird')
          assert.deepEqual(await stream.toArray(), good)
          assert.equal(await stream.count(), good.length)
          assert.equal(await stream.map('toText').reduce('join', ''), good.map((n) => `${n},`).join(''))
          assert.equal((await stream.mapChunks('reverse').toArray()).length, good.length)
          assert.equal(await stream.mapChunks('reverse').reduce('add', 0), 40)
          assert.equal((await collect(stream.chunks())).flatMap(({ items }) => items).length, good.length)
          assert.equal(await pool.from([2, 5, 8], options).map('refuseThird').count(), 0)
        })
      }

      it('takes back what an item gave before it failed', async () => {
        const stream = pool.from(count(6), { chunk: 6, onError: 'skip' }).flatMap('countWithGaps')
        assert.deepEqual(await stream.toArray(), ['0a', '0b', '1a', '1b', '3a', '3b', '4a', '4b'])
        assert.equal(await stream.count(), 8)
        assert.equal(await stream.reduce('join', ''), '0a0b1a1b3a3b4a4b')
      })

      it('a function gets each dead letter in its place', async () => {
        const seen: unknown[] = []
        const onError = (letter: EisenmpError): void => void seen.push(`${letter.code} ${letter.index}`)
        for await (const n of pool.from(count(6), { chunk: 4, onError }).map('refuseThird')) seen.push(n)
        assert.deepEqual(seen, [0, 1, 'ERR_EISENMP_TASK 2', 3, 4, 'ERR_EISENMP_TASK 5'])
      })

      it('what such a function throws ends the stream', async () => {
        const reason = new Error('enough')
        const onError = (): never => {
          throw reason
        }
        await assert.rejects(pool.from(count(6), { onError }).map('refuseThird').toArray(), reason)
      })

      it('items of mapChunks share their fate', async () => {
        const letters: unknown[] = []
        const onError = ({ index, cause }: EisenmpError): void => void letters.push([index, (cause as Error).message])
        assert.deepEqual(await (pool as Pool).from([1, 2], { chunk: 2, onError }).mapChunks('double').toArray(), [])
        const text = "Task 'double' in mapChunks() must return an array: it returned number"
        assert.deepEqual(letters, [
          [0, text],
          [1, text],
        ])
      })

      it('flatMap names a task that gives no iterable', async () => {
        const error = await catchError((pool as Pool).from([1]).flatMap('double').toArray())
        assert.match(
          error.message,
          /Task 'double' in flatMap\(\) must return an iterable: it returned number; return \[value\] instead$/,
        )
      })

      it('gives the item as it was given, whatever the task did to it', async () => {
        const errors: EisenmpError[] = []
        const onError = (letter: EisenmpError): void => void errors.push(letter)
        await pool
          .from([{ list: [1] }], { onError })
          .map('spoil')
          .toArray()
        const call = await catchError(pool.run('spoil', { list: [1] }))
        for (const error of [...errors, call]) assert.deepEqual(error.item, { list: [1] })
        assert.equal(errors.length, 1)
      })

      it('a source that throws is read to that point', async () => {
        const seen: number[] = []
        const source = new WatchedSource((i) => (i < 5 ? i : Promise.reject(new RangeError('unplugged'))))
        const error = await catchError(
          pool
            .from(source, { chunk: 2 })
            .map('double')
            .forEach((n) => seen.push(n)),
        )
        assert.deepEqual(
          [error.code, error.index, (error.cause as Error).message],
          ['ERR_EISENMP_SOURCE', 5, 'unplugged'],
        )
        assert.deepEqual(seen, [0, 2, 4, 6, 8])
        assert.equal(source.returns, 0)
      })

      it('a source that throws what cannot be printed ends as well', async () => {
        const source = new WatchedSource(() => Promise.reject(Object.create(null) as Error))
        assert.equal((await catchError(pool.from(source).toArray())).code, 'ERR_EISENMP_SOURCE')
      })
    })

    it('stats() count what was done, and agree', async () => {
      // What the streams before have left is still in work.
      const isQuiet = (): boolean => pool.stats().workers.every(({ state }) => state === 'idle')
      await waitUntil(isQuiet, 'the pool to be quiet')
      const former = pool.stats()
      await pool.from(count(9), { onError: 'skip' }).map('refuseThird').toArray()
      await waitUntil(isQuiet, 'the pool to be quiet')
      const { workers, backend: name, inFlight, queues, ...books } = pool.stats()
      assert.deepEqual([books.pulled - former.pulled, books.ok - former.ok, books.failed - former.failed], [9, 6, 3])
      assertBooksAgree(books)
      assert.deepEqual([name, inFlight, queues.map((queue) => queue.name)], [backend, 0, ['input']])
      assert.deepEqual(
        workers.map(({ index, name: worker, restarts }) => [index, worker, restarts]),
        [
          [0, 'eisenmp-0', 0],
          [1, 'eisenmp-1', 0],
        ],
      )
      for (const { pid, state } of workers) assert.ok(pid > 0 && state === 'idle')
      const identity = await pool.run('who', 0)
      const mine = pool.stats().workers.find(({ id }) => id === identity.id)!
      assert.deepEqual([mine.pid, mine.threadId ?? 0, mine.name], [identity.pid, identity.threadId, identity.name])
    })

    it('progress tells how far the streams are, at their end too', async () => {
      const seen: unknown[] = []
      const listen = ({ done, total, percent, etaMs }: typeof pool.progress): void =>
        void seen.push({ done, total, percent, etaMs })
      pool.on('progress', listen)
      await pool.from(count(10)).map('double').toArray()
      assert.deepEqual(seen.at(-1), { done: 10, total: 10, percent: 100, etaMs: 0 })
      await pool.from([1, 2].values(), { total: 4 }).map('double').toArray()
      assert.deepEqual([pool.progress.done, pool.progress.total, pool.progress.percent], [2, 4, 50])
      await pool.from([1, 2].values()).map('double').toArray()
      assert.deepEqual([pool.progress.done, pool.progress.total, pool.progress.percent], [2, undefined, undefined])
      pool.off('progress', listen)
    })

    it('close() lets what is in work end, refuses what comes later, and can be called again', async () => {
      const calls = count(20).map((n) => pool.run('takeSomeTime', n))
      const closing = pool.close()
      assert.equal(pool.close(), closing)
      assert.deepEqual(await Promise.all(calls), count(20))
      for (const late of [pool.run('double', 1), pool.from([1]).toArray()]) {
        assert.equal((await catchError(late)).code, 'ERR_EISENMP_CLOSED')
      }
      await within(closing, 'close()')
      await pool[Symbol.asyncDispose]()
      for (const { state } of pool.stats().workers) assert.equal(state, 'empty')
      assertBooksAgree(pool.stats())
    })

    it('destroy() rejects what is pending', async () => {
      const other = await createPool<typeof Tasks>({ modules, backend, workers: 1, graceMs: 60_000 })
      const pending = [
        other.run('waitForAbort', 0),
        other.run('double', 1),
        other.from(new WatchedSource((i) => i)).count(),
      ]
      const codes = Promise.all(pending.map(async (promise) => (await catchError(promise)).code))
      await within(other.destroy(), 'destroy()')
      assert.deepEqual(await codes, Array(3).fill('ERR_EISENMP_CLOSED'))
      await within(other.close(), 'close() after destroy()')
    })
  })
}
