import assert from 'node:assert/strict'
import { it } from 'node:test'
import { IndexFeed } from '../../src/pool/index-feed.ts'
import { range } from '../../src/sources/range.ts'
import { readPlan } from '../../src/stream/indexed-source.ts'

it('cuts a source without making an item, and makes one when asked', async () => {
  const feed = new IndexFeed(readPlan(range(0, 50, 5))!, () => 4)
  const counts = []
  for (let pulled = feed.pull(); !(pulled instanceof Promise) && pulled.kind === 'range'; pulled = feed.pull())
    counts.push([pulled.count, pulled.ended])
  assert.deepEqual(counts, [
    [4, false],
    [4, false],
    [2, true],
  ])
  assert.equal(feed.makeItem(3, undefined), 15)
  const { from, count, key } = feed.describe(4, 2, undefined)
  assert.deepEqual([from, count], [4, 2])
  assert.notEqual(new IndexFeed(readPlan(range(0, 1))!, () => 1).describe(0, 1, undefined).key, key)
  await feed.close()
  assert.deepEqual(feed.pull(), { kind: 'ended' })
})
