import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { openSource } from '../../src/stream/source.ts'

describe('takePlain() of a source', () => {
  it('takes plain items many at a time, and leaves everything else to be asked for', async () => {
    const later = Promise.resolve(5)
    const source = openSource([0, 'a', undefined, { x: 1 }, 4, later, 6, 7, 8])
    const items: unknown[] = []
    assert.equal(source.takePlain(items, 2, Infinity), 17)
    assert.equal(source.takePlain(items, 9, Infinity), 8)
    assert.deepEqual(items, [0, 'a', undefined])
    // What came and was no plain item is kept for the next.
    assert.equal(source.takePlain(items, 9, Infinity), 0)
    assert.deepEqual(source.pull(), { done: false, value: { x: 1 } })
    assert.equal(source.takePlain(items, 9, Infinity), 8)
    assert.deepEqual(await source.pull(), { done: false, value: 5 })
    assert.equal(source.takePlain(items, 9, 10), 16)
    assert.equal(source.takePlain(items, 9, Infinity), 8)
    assert.deepEqual(source.pull(), { done: true })
    assert.deepEqual(items, [0, 'a', undefined, 4, 6, 7, 8])
  })

  it('takes none from an async source', () => {
    assert.equal(openSource(Readable.from([0, 1, 2])).takePlain([], 3, Infinity), 0)
    assert.equal(openSource(Readable.toWeb(Readable.from([0])) as ReadableStream).takePlain([], 3, Infinity), 0)
  })

  it('brings an error behind the items that were taken before it, and closes nothing that has ended', async () => {
    for (const end of [{ done: true, value: undefined }, new RangeError('no luck')]) {
      let returns = 0
      let next = 0
      const iterator = {
        next() {
          next += 1
          if (next < 3) return { done: false, value: next }
          if (end instanceof Error) throw end
          return end
        },
        return: () => (returns += 1),
      }
      const source = openSource({ [Symbol.iterator]: () => iterator } as unknown as Iterable<unknown>)
      const items: unknown[] = []
      source.takePlain(items, 9, Infinity)
      assert.deepEqual(items, [1, 2])
      await source.close()
      assert.equal(returns, 0)
    }
    const failing = openSource(
      (function* fail() {
        yield 1
        throw new RangeError('no luck')
      })(),
    )
    failing.takePlain([], 9, Infinity)
    assert.throws(() => failing.pull(), RangeError)
    assert.deepEqual(failing.pull(), { done: true })
  })
})
