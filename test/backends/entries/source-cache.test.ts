import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SourceCache } from '../../../src/backends/entries/source-cache.ts'
import { waitUntil } from '../../support/wait-until.ts'

const range = { key: 1, spec: { kind: 'range', start: 0, step: 1 }, from: 0, count: 1 } as const

it('opens a source once, and closes it when no unit comes any more', async () => {
  const cache = new SourceCache()
  const first = await cache.take(range)
  assert.equal(await cache.take(range), first)
  assert.notEqual(await cache.take({ ...range, key: 2 }), first)
  cache.rest()
  assert.equal(cache.size, 2)
  await waitUntil(() => cache.size === 0, 'the sources to be closed')
  assert.notEqual(await cache.take(range), first)
  await cache.close()
})

it('tries again when a source could not be opened', async () => {
  const cache = new SourceCache()
  const broken = { ...range, spec: { kind: 'nothing' } as never }
  await assert.rejects(cache.take(broken))
  assert.equal(cache.size, 0)
})
