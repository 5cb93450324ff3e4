import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { EisenmpError, type Pool, type Source } from '../../../src/index.ts'
import type * as Values from '../../fixtures/values.worker.ts'
import { until, within } from '../deadline.ts'
import type { Row } from '../row.ts'
import { type Scene, valuesUrl } from '../scene.ts'

const everywhere = ['threads', 'processes', 'inline'] as const
const WINDOW = 4

type Step = (n: number) => IteratorResult<number> | Promise<IteratorResult<number>>

/** A source that counts what is done to it. */
class Model implements AsyncIterableIterator<number> {
  pulls = 0
  returns = 0
  #open = 0
  mostAtOnce = 0
  readonly #step: Step
  readonly #atReturn: () => void | Promise<void>

  constructor(step: Step, atReturn: () => void | Promise<void> = () => {}) {
    this.#step = step
    this.#atReturn = atReturn
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<number>> {
    this.#open += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open)
    try {
      return await this.#step(this.pulls++)
    } finally {
      this.#open -= 1
    }
  }

  async return(): Promise<IteratorResult<number>> {
    this.returns += 1
    await this.#atReturn()
    return { done: true, value: undefined }
  }
}

const value = (n: number): IteratorResult<number> => ({ done: false, value: n })

function countTo(end: number): (n: number) => IteratorResult<number> {
  return (n) => (n < end ? value(n) : { done: true, value: undefined })
}

function failAt(n: number, fail: () => ReturnType<Step>): Step {
  return (at) => (at < n ? value(at) : fail())
}

function open(scene: Scene): Promise<Pool<typeof Values>> {
  return scene.open<typeof Values>({ modules: valuesUrl, workers: scene.backend === 'processes' ? 1 : 2 })
}

/** What arrived before the stream failed, and how it failed. */
async function collect(
  pool: Pool<typeof Values>,
  source: Source<unknown>,
): Promise<{ values: unknown[]; error: unknown }> {
  const values: unknown[] = []
  const consume = async (): Promise<void> => {
    for await (const item of pool.from(source, { chunk: 2, window: WINDOW }).map('echo')) values.push(item)
  }
  return within(
    'the stream',
    consume().then(
      () => ({ values, error: undefined }),
      (error: unknown) => ({ values, error }),
    ),
  )
}

const boom = new Error('boom')

/** How a source can fail at its sixth item, and how often its `return()` is then called. */
const failures: Readonly<Record<string, { source: () => Source<unknown>; returns?: number }>> = {
  'throws in next()': {
    source: () =>
      new Model(
        failAt(5, () => {
          throw boom
        }),
      ),
    returns: 0,
  },
  'rejects in next()': { source: () => new Model(failAt(5, () => Promise.reject(boom))), returns: 0 },
  'throws in a generator': {
    source: function* () {
      for (let i = 0; i < 5; i++) yield i
      throw boom
    } as never,
  },
  'yields a rejected promise': {
    source: function* () {
      for (let i = 0; i < 5; i++) yield i
      yield Promise.reject(boom)
    } as never,
  },
  'throws in a getter of the result': {
    source: () =>
      new Model(
        failAt(5, () => ({
          done: false,
          get value(): number {
            throw boom
          },
        })),
      ),
  },
  'gives no object': { source: () => new Model(failAt(5, () => 7 as never)) },
  'is a Readable that fails': {
    source: () => {
      let n = 0
      return new Readable({
        objectMode: true,
        read() {
          if (n < 5) this.push(n++)
          else this.destroy(boom)
        },
      })
    },
  },
  'is a ReadableStream that fails': {
    source: () => {
      let n = 0
      return new ReadableStream({
        pull(controller) {
          if (n < 5) controller.enqueue(n++)
          else controller.error(boom)
        },
      })
    },
  },
}

export const sourceRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'a source that fails: what was read arrives, then its error; it is not asked again',
    covers: ['F25', 'P1', 'P6'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      for (const [name, { source, returns }] of Object.entries(failures)) {
        const opened = source()
        const { values, error } = await collect(pool, opened)
        assert.ok(EisenmpError.is(error, 'ERR_EISENMP_SOURCE'), `${name}: ${String(error)}`)
        // A Readable drops what it has buffered.
        if (!(opened instanceof Readable)) assert.deepEqual(values, [0, 1, 2, 3, 4], name)
        if (name !== 'gives no object') assert.equal(error.cause, boom, name)
        if (returns !== undefined && opened instanceof Model) assert.equal(opened.returns, returns, name)
      }
      assert.equal(scene.starts, pool.stats().workers.length)
    },
  },
  {
    kind: 'script',
    name: 'a source that cannot even be opened is a source that fails',
    covers: ['F25'],
    on: ['inline'],
    async run(scene) {
      const pool = await open(scene)
      const bad: readonly unknown[] = [
        {
          [Symbol.iterator]: () => {
            throw boom
          },
        },
        { [Symbol.asyncIterator]: () => undefined },
        { [Symbol.iterator]: () => ({}) },
        {
          getReader: () => {
            throw boom
          },
        },
      ]
      for (const source of bad) {
        const { error } = await collect(pool, source as Source<unknown>)
        assert.ok(EisenmpError.is(error, 'ERR_EISENMP_SOURCE'), String(error))
      }
      for (const source of [undefined, null, 7, 'text', () => [1], Promise.resolve([1]), {}]) {
        assert.throws(() => pool.from(source as never), { code: 'ERR_EISENMP_SOURCE' })
      }
    },
  },
  {
    kind: 'script',
    name: 'break closes an endless source once; it was never pulled twice at once, nor beyond the window',
    covers: ['F25', 'F26', 'P6'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      const source = new Model(value)
      for await (const n of pool.from(source, { chunk: 2, window: WINDOW }).map('echo')) if (n === 7) break
      assert.equal(source.returns, 1)
      assert.equal(source.mostAtOnce, 1)
      // Seven chunks of two at the most: four of them taken, or three and the one in hand, and four ahead.
      assert.ok(source.pulls <= 2 * (4 + WINDOW), `${source.pulls} items were pulled`)
      const pulls = source.pulls
      assert.equal(await pool.run('echo', 1), 1)
      assert.equal(source.pulls, pulls)
    },
  },
  {
    kind: 'script',
    name: 'a consumer that never pulls: the source is read to the window and no further, close() ends it',
    covers: ['F26', 'P6', 'P14'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      const source = new Model(value)
      const results = pool.from(source, { chunk: 2, window: WINDOW }).map('echo')[Symbol.asyncIterator]()
      const first = await results.next()
      assert.equal(first.value, 0)
      await until(
        'the window is full and settled',
        () => pool.stats().ok === source.pulls && source.pulls >= 2 * WINDOW,
      )
      assert.ok(source.pulls <= 2 * WINDOW, `${source.pulls}`)
      await within('close()', pool.close())
      assert.equal(source.returns, 1)
    },
  },
  {
    kind: 'script',
    name: 'a source that never answers: items before it arrive, close() is not held up',
    covers: ['F25', 'P11', 'P14'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      const source = new Model(failAt(3, () => new Promise(() => {})))
      const results = pool.from(source).map('echo')[Symbol.asyncIterator]()
      // Of measured chunks: a fixed number of items would be waited for.
      for (const expected of [0, 1, 2]) assert.equal((await within('next()', results.next())).value, expected)
      const last = results.next()
      last.catch(() => {})
      await within('close()', pool.close())
      await assert.rejects(within('the last next()', last), { code: 'ERR_EISENMP_CLOSED' })
    },
  },
  {
    kind: 'script',
    name: 'a return() that throws, rejects or never answers holds nobody up',
    covers: ['F25', 'P11'],
    on: ['threads', 'inline'],
    async run(scene) {
      const pool = await open(scene)
      const throwing = new Model(value, () => {
        throw boom
      })
      await assert.rejects(
        (async () => {
          for await (const n of pool.from(throwing).map('echo')) if (n === 3) break
        })(),
        { code: 'ERR_EISENMP_SOURCE', cause: boom },
      )
      const silent = new Model(value, () => new Promise(() => {}))
      await within(
        'break',
        (async () => {
          for await (const n of pool.from(silent).map('echo')) if (n === 3) break
        })(),
      )
      assert.deepEqual([throwing.returns, silent.returns], [1, 1])
      assert.equal(await pool.run('echo', 1), 1)
    },
  },
  {
    kind: 'script',
    name: 'promises, re-entrant pulls, empty and already used sources',
    covers: ['F25', 'P5'],
    on: everywhere,
    async run(scene) {
      const pool = await open(scene)
      assert.deepEqual(
        await pool
          .from([1, Promise.resolve(2), 3])
          .map('echo')
          .toArray(),
        [1, 2, 3],
      )
      assert.deepEqual(await pool.from([]).map('echo').toArray(), [])
      assert.equal(
        await pool
          .from(new Model(countTo(0)))
          .map('echo')
          .count(),
        0,
      )
      const generator = (function* () {
        yield* [1, 2]
      })()
      assert.deepEqual(await pool.from(generator).map('echo').toArray(), [1, 2])
      assert.deepEqual(await pool.from(generator).map('echo').toArray(), [])
      // A source that asks the pool while it is read.
      const nested = async function* () {
        for (let i = 0; i < 6; i++) yield (await pool.run('echo', i)) as number
      }
      assert.deepEqual(await pool.from(nested(), { chunk: 1 }).map('echo').toArray(), [0, 1, 2, 3, 4, 5])
      // A source made of another stream of the same pool.
      const inner = pool.from([1, 2, 3, 4]).map('echo')
      assert.deepEqual(await pool.from(inner, { chunk: 1 }).map('echo').toArray(), [1, 2, 3, 4])
    },
  },
]
