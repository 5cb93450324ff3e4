import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { idleLink } from '../../support/idle-link.ts'
import { WorkerToolbox } from '../../../src/backends/entries/toolbox.ts'

function create(config?: unknown): WorkerToolbox {
  return new WorkerToolbox({ id: '1.2', index: 1, name: 'eisenmp-1', config }, 7, idleLink)
}

describe('WorkerToolbox', () => {
  it('says who the worker is, and cannot be made to say something else', () => {
    const { worker } = create()
    assert.deepEqual({ ...worker }, { id: '1.2', index: 1, name: 'eisenmp-1', pid: process.pid, threadId: 7 })
    assert.ok(Object.isFrozen(worker))
  })

  it('has a config that is frozen as deep as it goes', () => {
    const round: { list: unknown[]; self?: unknown } = { list: [{ a: 1 }] }
    round.self = round
    const config = { round, bytes: Uint8Array.of(1), shared: new SharedArrayBuffer(1), when: new Date(), nothing: null }
    const given = create(config).config as typeof config
    for (const part of [given, given.round, given.round.list, given.round.list[0]]) assert.ok(Object.isFrozen(part))
    // Views cannot be frozen.
    assert.ok(!Object.isFrozen(given.bytes))
  })

  it('has one signal for each unit, and one for itself between them', () => {
    const toolbox = create()
    const lifetime = toolbox.signal
    WorkerToolbox.renew(toolbox)
    const { signal } = toolbox
    assert.equal(toolbox.signal, signal)
    const reason = new Error('enough')
    WorkerToolbox.abort(toolbox, reason)
    assert.equal(signal.reason, reason)
    WorkerToolbox.renew(toolbox)
    assert.notEqual(toolbox.signal, signal)
    assert.equal(toolbox.signal.aborted, false)
    WorkerToolbox.rest(toolbox)
    assert.equal(toolbox.signal, lifetime)
    WorkerToolbox.end(toolbox, reason)
    assert.equal(lifetime.reason, reason)
  })

  it('has an aborted signal also for a task that asks for it late', () => {
    const toolbox = create()
    WorkerToolbox.renew(toolbox)
    WorkerToolbox.abort(toolbox, new Error('enough'))
    assert.equal(toolbox.signal.aborted, true)
  })
})
