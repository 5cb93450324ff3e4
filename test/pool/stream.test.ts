import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { EisenmpError, type Pool, Stream, createPool } from '../../src/index.ts'
import type * as Tasks from '../fixtures/tasks.worker.ts'
import { WatchedSource } from '../support/watched-source.ts'

let pool: Pool<typeof Tasks>
before(async () => {
  const modules = new URL('../fixtures/tasks.worker.ts', import.meta.url)
  pool = await createPool<typeof Tasks>({ modules, backend: 'inline', workers: 3 })
})
after(() => pool.close())

function count(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i)
}

describe('a stream', () => {
  it('is lazy: nothing is read before one of its ends is used', async () => {
    const source = new WatchedSource((i) => i, 5)
    const stream = pool.from(source).map('double').filter('isEven')
    assert.ok(stream instanceof Stream)
    assert.equal(source.pulls, 0)
    assert.equal(await stream.count(), 5)
  })

  it('is not changed by what is made of it', async () => {
    const stream = pool.from(count(4))
    const doubled = stream.map('double')
    assert.deepEqual(await doubled.map('double').toArray(), [0, 4, 8, 12])
    assert.deepEqual(await doubled.toArray(), [0, 2, 4, 6])
    assert.deepEqual(await stream.toArray(), [0, 1, 2, 3])
  })

  it('refuses an unknown task when the stage is named, for each kind', () => {
    const stream = (pool as Pool).from([1])
    for (const kind of ['map', 'filter', 'flatMap', 'mapChunks'] as const) {
      assert.throws(() => stream[kind]('dubble'), {
        code: 'ERR_EISENMP_UNKNOWN_TASK',
        message: new RegExp(`^Cannot find task "dubble" for ${kind}\\(\\): .*did you mean 'double'\\?$`),
      })
    }
    assert.throws(() => (pool as Pool).map('dubble', [1]), { code: 'ERR_EISENMP_UNKNOWN_TASK' })
  })

  it('refuses an unknown task of reduce() before anything is read', async () => {
    const source = new WatchedSource((i) => i)
    await assert.rejects((pool as Pool).from(source).reduce('ad', 0), { code: 'ERR_EISENMP_UNKNOWN_TASK' })
    assert.equal(source.pulls, 0)
  })

  it('has mapChunks() once', () => {
    const stream = pool.from(count(2)).mapChunks('reverse')
    assert.throws(() => stream.map('double').mapChunks('reverse'), {
      code: 'ERR_EISENMP_OPTION',
      message: /^Cannot use mapChunks\(\) twice in one stream; make it one task, or two streams/,
    })
  })

  for (const [name, source, hint] of [
    ['a text', 'text', /"text".*letter by letter; write \[text\] or \[\.\.\.text\]$/],
    ['a promise', Promise.resolve([1]), /an object.*; await it first$/],
    [
      'a generator function',
      function* numbers() {},
      /function numbers.*; call it: a generator function is no generator$/,
    ],
    ['a number', 5, /5: it is no iterable; give an array, a generator, a stream/],
    ['nothing', undefined, /undefined: it is no iterable/],
  ] as const) {
    it(`cannot be made from ${name}`, () => {
      assert.throws(() => pool.from(source as never), { code: 'ERR_EISENMP_SOURCE', message: hint })
    })
  }

  it('refuses options before anything is read', () => {
    const source = new WatchedSource((i) => i)
    assert.throws(() => pool.from(source, { orderd: false } as never), { code: 'ERR_EISENMP_OPTION' })
    assert.throws(() => pool.map('double', source, { window: 0 }), { code: 'ERR_EISENMP_OPTION' })
    assert.equal(source.pulls, 0)
  })

  it('says that a source cannot be opened twice', async () => {
    const web = new ReadableStream({ pull: (controller) => controller.close() })
    web.getReader()
    await assert.rejects(pool.from(web as AsyncIterable<number>).toArray(), (error) =>
      EisenmpError.is(error, 'ERR_EISENMP_SOURCE'),
    )
  })
})

describe('the iterator', () => {
  it('serves several next() at once in turn', async () => {
    const results = pool.from(count(5), { chunk: 2 }).map('takeSomeTime')[Symbol.asyncIterator]()
    const steps = await Promise.all(count(8).map(() => results.next()))
    assert.deepEqual(
      steps.map(({ value }) => value),
      [0, 1, 2, 3, 4, undefined, undefined, undefined],
    )
    assert.deepEqual(
      steps.map(({ done }) => done),
      [false, false, false, false, false, true, true, true],
    )
  })

  it('serves them in turn also when they come in bursts', async () => {
    const bursts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(bursts, fc.integer({ min: 1, max: 7 }), async (sizes, chunk) => {
        const results = pool.from(count(20), { chunk }).map('double')[Symbol.asyncIterator]()
        const seen: unknown[] = []
        for (const size of sizes) {
          const steps = await Promise.all(count(size).map(() => results.next()))
          seen.push(...steps.filter(({ done }) => done !== true).map(({ value }) => value))
        }
        await results.return!()
        assert.deepEqual(
          seen,
          count(20)
            .slice(0, seen.length)
            .map((n) => n * 2),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('gives an error to one next(), and is over for the others', async () => {
    const results = pool.from([0, 2, 3], { chunk: 1 }).map('refuseThird')[Symbol.asyncIterator]()
    const steps = await Promise.allSettled(count(4).map(() => results.next()))
    assert.deepEqual(
      steps.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    )
    assert.equal((await results.next()).done, true)
  })

  it('is over after return(), also for a next() that waits', async () => {
    const source = new WatchedSource((i) => (i === 0 ? 1 : new Promise<number>(() => {})))
    const results = pool.from(source, { chunk: 1 }).map('double')[Symbol.asyncIterator]()
    assert.equal((await results.next()).value, 2)
    const waiting = results.next()
    assert.deepEqual(await results.return!(), { done: true, value: undefined })
    assert.deepEqual(await waiting, { done: true, value: undefined })
    assert.deepEqual(await results.next(), { done: true, value: undefined })
    assert.equal(source.returns, 1)
  })
})

describe('the ends', () => {
  it('forEach() awaits each promise before the next call', async () => {
    const log: string[] = []
    await pool.from(count(3)).forEach(async (n) => {
      log.push(`begin ${n}`)
      await new Promise((resolve) => setImmediate(resolve))
      log.push(`end ${n}`)
    })
    assert.deepEqual(log, ['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('forEach() passes on what a promise rejects with, and closes the source', async () => {
    const source = new WatchedSource((i) => i)
    await assert.rejects(
      pool.from(source).forEach(() => Promise.reject(new RangeError('enough'))),
      RangeError,
    )
    assert.equal(source.returns, 1)
  })

  it('reduce() equals the sequential result for whatever is associative, in any chunking, with gaps', async () => {
    const sizes = fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 12 }))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(99), { maxLength: 60 }), sizes, async (numbers, chunk) => {
        const stream = pool.from(numbers, { chunk, onError: 'skip' }).map('refuseThird').map('toText')
        const expected = numbers.filter((n) => n % 3 !== 2).reduce((text, n) => `${text}${n},`, '>')
        assert.equal(await stream.reduce('join', '>'), expected)
        const kept = numbers.filter((n) => n % 3 !== 2)
        assert.equal(await pool.from(numbers, { chunk, onError: 'skip' }).map('refuseThird').count(), kept.length)
      }),
      { numRuns: 40 },
    )
  })

  it('reduce() of more partial results than are kept at a time', async () => {
    const text = await pool.from(count(1000), { chunk: 1 }).map('toText').reduce('join', '')
    assert.equal(
      text,
      count(1000)
        .map((n) => `${n},`)
        .join(''),
    )
  })

  it('reduce() rejects when the task fails on partial results', async () => {
    const stream = (pool as Pool).from([2, 2], { chunk: 1 })
    await assert.rejects(stream.reduce('refuseThird', 2), { code: 'ERR_EISENMP_TASK' })
  })

  it('chunks() gives each chunk whole, with its ticket, also an empty one', async () => {
    const chunks: [number, number[]][] = []
    for await (const { ticket, items } of pool
      .from(count(7), { chunk: 2, onError: 'skip' })
      .map('refuseThird')
      .filter('isEven')
      .chunks()) {
      assert.match(ticket.queue, /^stream-\d+$/)
      chunks.push([ticket.serial, items])
    }
    assert.deepEqual(chunks, [
      [0, [0]],
      [1, []],
      [2, [4]],
      [3, [6]],
    ])
  })

  it('chunks() of an unordered stream are whole as well', async () => {
    const all: number[] = []
    for await (const { items } of pool.from(count(40), { chunk: 4, ordered: false }).map('takeSomeTime').chunks()) {
      assert.deepEqual(
        items,
        count(4).map((i) => items[0]! + i),
      )
      all.push(...items)
    }
    assert.deepEqual(
      all.toSorted((a, b) => a - b),
      count(40),
    )
  })

  it('chunks() can be left early', async () => {
    const source = new WatchedSource((i) => i)
    for await (const { items } of pool.from(source, { chunk: 3 }).map('double').chunks()) if (items[0]! > 20) break
    assert.equal(source.returns, 1)
  })
})
