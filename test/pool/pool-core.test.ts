import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { EisenmpError, type Pool, type PoolOptions, createPool } from '../../src/index.ts'
import type * as Tasks from '../fixtures/tasks.worker.ts'
import { assertBooksAgree } from '../contracts/pool-contract.ts'
import { waitUntil, within } from '../support/wait-until.ts'
import { WatchedSource } from '../support/watched-source.ts'

const modules = new URL('../fixtures/tasks.worker.ts', import.meta.url)

describe('the end of a pool', () => {
  const pools: Pool<typeof Tasks>[] = []
  afterEach(async () => {
    for (const pool of pools.splice(0)) await within(pool.destroy(), 'destroy()')
  })

  async function create(options: Partial<PoolOptions> = {}): Promise<Pool<typeof Tasks>> {
    const pool = await createPool<typeof Tasks>({ modules, backend: 'inline', workers: 2, ...options })
    pools.push(pool)
    return pool
  }

  it('close() of an idle pool leaves no listener of the program', async () => {
    const former = process.listenerCount('SIGINT')
    const pool = await create()
    assert.equal(process.listenerCount('SIGINT'), former + 1)
    await within(pool.close(), 'close()')
    assert.equal(process.listenerCount('SIGINT'), former)
  })

  it('close() reads no source any more: what was started comes out, then ERR_EISENMP_CLOSED', async () => {
    const pool = await create()
    const source = new WatchedSource((i) => i)
    const seen: number[] = []
    let closing: Promise<void> | undefined
    const stream = pool
      .from(source, { chunk: 2 })
      .map('double')
      .forEach((n) => {
        seen.push(n)
        if (n === 20) closing = pool.close()
      })
    await assert.rejects(within(stream, 'the stream'), (error) => EisenmpError.is(error, 'ERR_EISENMP_CLOSED'))
    await within(closing!, 'close()')
    assert.deepEqual(
      seen,
      Array.from({ length: seen.length }, (_, i) => 2 * i),
    )
    // A chunk that was not yet full is dropped.
    assert.ok(source.pulls - seen.length < 2, `${source.pulls} were read`)
    assert.equal(source.returns, 1)
    assertBooksAgree(pool.stats())
  })

  it('close() waits no longer than graceMs', async () => {
    const pool = await create({ graceMs: 50 })
    const stuck = pool.run('waitForAbort', 0)
    await waitUntil(() => pool.stats().workers.some(({ state }) => state === 'busy'), 'a worker to work')
    const rejected = assert.rejects(stuck, (error) => EisenmpError.is(error, 'ERR_EISENMP_CLOSED'))
    await within(pool.close(), 'close()', 5000)
    await rejected
    assertBooksAgree(pool.stats())
  })

  it('destroy() during close() does not wait for what is in work', async () => {
    const pool = await create({ graceMs: 60_000 })
    const stuck = assert.rejects(pool.run('waitForAbort', 0), { code: 'ERR_EISENMP_CLOSED' })
    const closing = pool.close()
    await within(pool.destroy(), 'destroy()', 5000)
    await within(closing, 'close()', 5000)
    await stuck
  })

  it('nothing can be begun any more, and nothing was begun that is told of', async () => {
    const pool = await create()
    await pool.close()
    const source = new WatchedSource((i) => i)
    const closed = (error: unknown): boolean => EisenmpError.is(error, 'ERR_EISENMP_CLOSED')
    await assert.rejects(pool.run('double', 1), closed)
    await assert.rejects(pool.from(source).count(), closed)
    await assert.rejects(async () => pool.from(source).map('double')[Symbol.asyncIterator]().next(), closed)
    await assert.rejects(pool.from(source).chunks().next(), closed)
    assert.equal(source.pulls, 0)
    assert.deepEqual([pool.progress.done, pool.stats().inFlight], [0, 0])
  })

  it('replaces workers after so many items, and loses none', async () => {
    const pool = await create({ workers: 2, recycle: { afterItems: 5 } })
    const items = Array.from({ length: 60 }, (_, i) => i)
    assert.deepEqual(
      await pool.from(items, { chunk: 1 }).map('double').toArray(),
      items.map((n) => n * 2),
    )
    const restarts = pool.stats().workers.reduce((sum, worker) => sum + worker.restarts, 0)
    assert.ok(restarts >= 8, String(restarts))
    assertBooksAgree(pool.stats())
  })

  it('brings the parts of a chunk together that were settled in another order', async () => {
    const pool = await create({ workers: 1, retries: { error: 1 } })
    const items = Array.from({ length: 12 }, (_, i) => i)
    const loose = await pool.from(items, { chunk: 4, ordered: false }).map('failOnce').toArray()
    assert.deepEqual(loose.slice(0, 4), [1, 2, 3, 0])
    const chunks: number[][] = []
    const more = items.map((n) => n + 100)
    for await (const { items: part } of pool.from(more, { chunk: 4, ordered: false }).map('failOnce').chunks())
      chunks.push(part)
    assert.deepEqual(chunks, [more.slice(0, 4), more.slice(4, 8), more.slice(8)])
    assert.deepEqual(
      await pool
        .from(items.map((n) => n + 200))
        .map('failOnce')
        .toArray(),
      items.map((n) => n + 200),
    )
  })

  it('tries a failed item again as often as retries.error says', async () => {
    const pool = await create({ retries: { error: 2 } })
    await assert.rejects(
      pool.run('refuseThird', 2),
      (error) => EisenmpError.is(error, 'ERR_EISENMP_TASK') && error.attempt === 3,
    )
    const letters: EisenmpError[] = []
    const options = { chunk: 4, onError: (letter: EisenmpError) => void letters.push(letter) }
    assert.deepEqual(await pool.from([0, 1, 2, 3], options).map('refuseThird').toArray(), [0, 1, 3])
    assert.deepEqual(
      letters.map(({ index, attempt }) => [index, attempt]),
      [[2, 3]],
    )
    assert.equal(pool.stats().errors, 6)
    assertBooksAgree(pool.stats())
  })
})
