import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createDeferred } from '../../src/internal/deferred.ts'

describe('createDeferred()', () => {
  it('is resolved and rejected from outside', async () => {
    const good = createDeferred<number>()
    good.resolve(5)
    assert.equal(await good.promise, 5)
    const bad = createDeferred<number>()
    bad.reject('why')
    await assert.rejects(bad.promise, (error) => error === 'why')
  })

  it('raises no unhandled rejection when nobody awaits it', async () => {
    createDeferred().reject(new Error('unheard'))
    await new Promise((resolve) => setImmediate(resolve))
  })
})
