import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createUnstarted } from '../../../src/server/hosts/unstarted.ts'

describe('createUnstarted()', () => {
  it('tells its end, but not before it is known', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    let isKnown = false
    const host = createUnstarted('thread', 7, new Error('no memory'), {
      message() {},
      output() {},
      gone: ({ reason }) => resolve(`${isKnown} ${reason}`),
    })
    isKnown = true
    host.send({ kind: 'drain' })
    host.end()
    assert.equal(await promise, 'true its thread could not be started: no memory')
    assert.equal(host.identity.pid, 7)
  })
})
