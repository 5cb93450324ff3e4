import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createThreadHosts } from '../../../src/server/hosts/thread-host.ts'
import { describeHosts } from '../../contracts/host-contract.ts'
import { Hosted, createSpec } from '../../support/hosted.ts'

describe('a worker that is a thread', () => {
  describeHosts(createThreadHosts)

  it('has its name, and an id of its own in this process', async () => {
    const hosted = new Hosted(createThreadHosts(), createSpec({ name: 'red-7' }))
    await hosted.next('ready')
    const { pid, threadId } = hosted.host.identity
    assert.equal(pid, process.pid)
    assert.ok(threadId! > 0)
    hosted.host.end()
    await hosted.gone
  })
})
