import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Feeder, checkFeedOptions } from '../../src/pool/feeder.ts'
import { lines, range } from '../../src/index.ts'
import { catchError, count } from '../contracts/pool-contract.ts'

function create(source: Iterable<unknown>, options = {}, room = Infinity) {
  const chunks: unknown[] = []
  const put = async (items: unknown): Promise<boolean> => chunks.length < room && chunks.push(items) > 0
  return { chunks, feeder: new Feeder(source, options, { fullName: 'a', isPortable: false, put }) }
}

describe('Feeder', () => {
  it('cuts a source into chunks', async () => {
    const { chunks, feeder } = create(count(5), { chunk: 2 })
    assert.equal(feeder.total, 5)
    await feeder.run()
    assert.deepEqual(chunks, [[0, 1], [2, 3], [4]])
    assert.equal(feeder.fed, 5)
    assert.equal(create(range(0, 10, 2)).feeder.total, 5)
    assert.equal(create(lines(new URL(import.meta.url))).feeder.total, undefined)
  })

  it('closes the source when nothing more is taken, or it is stopped', async () => {
    for (const how of ['room', 'stop']) {
      let isClosed = false
      const source = function* (): Generator<number> {
        try {
          for (let n = 0; ; n += 1) yield n
        } finally {
          isClosed = true
        }
      }
      const { feeder } = create(source(), { chunk: 1 }, how === 'room' ? 2 : Infinity)
      const run = feeder.run()
      if (how === 'stop') await feeder.stop()
      await run
      assert.ok(isClosed, how)
    }
  })

  it('waits for room no longer than until it is stopped', async () => {
    const waiting = Promise.withResolvers<void>()
    const put = (): Promise<boolean> => {
      waiting.resolve()
      return new Promise(() => {})
    }
    const feeder = new Feeder(count(5), { chunk: 2 }, { fullName: 'a', isPortable: false, put })
    const run = feeder.run()
    await waiting.promise
    await feeder.stop()
    await run
    assert.ok(feeder.isStopped)
  })

  it('names the item that cannot be copied, and how far a source came that failed', async () => {
    const refused = await catchError(create([1, () => 1], { chunk: 1 }).feeder.run())
    assert.deepEqual([refused.code, refused.index], ['ERR_EISENMP_CLONE', 1])
    const source = function* (): Generator<number> {
      yield 1
      throw new TypeError('bad')
    }
    const failed = await catchError(create(source(), { chunk: 1 }).feeder.run())
    assert.match(failed.message, /queue 'a' any further: the source threw after 1 items: bad/)
    const broken = {
      [Symbol.iterator]: () => {
        throw new Error('no iterator')
      },
    }
    assert.throws(() => create(broken), { code: 'ERR_EISENMP_SOURCE' })
  })

  it('checks its options', () => {
    for (const options of [
      { chunk: 0 },
      { chunk: 'auto' },
      { queue: 'a' },
      { close: 1 },
      { signal: {} },
      { size: 1 },
    ]) {
      assert.throws(() => checkFeedOptions(options), { code: 'ERR_EISENMP_OPTION' })
    }
  })
})
