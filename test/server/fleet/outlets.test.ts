import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamPolicy } from '../../../src/server/fleet/fleet-messages.ts'
import { Outlets } from '../../../src/server/fleet/outlets.ts'

function open(): { outlets: Outlets; sent: [reader: number, value: unknown][] } {
  const sent: [number, unknown][] = []
  return { outlets: new Outlets('one', true, (reader, value) => sent.push([reader, value])), sent }
}

const reader = (id: number, policy: StreamPolicy = 'wait', channel = 'a') => ({ id, channel, policy, capacity: 1 })

describe('Outlets', () => {
  it('gives a value to every reader of its channel, and to no other', async () => {
    const { outlets, sent } = open()
    outlets.open(reader(1))
    outlets.open(reader(2))
    outlets.open(reader(3, 'wait', 'b'))
    assert.equal(await outlets.emit('a', 7), true)
    assert.deepEqual(sent, [
      [1, 7],
      [2, 7],
    ])
  })

  it('waits for the slowest reader', async () => {
    const { outlets } = open()
    outlets.open(reader(1))
    outlets.open(reader(2))
    await outlets.emit('a', 1)
    let isDone = false
    const second = outlets.emit('a', 2).then(() => (isDone = true))
    outlets.give(1, 1)
    await Promise.resolve()
    assert.equal(isDone, false)
    outlets.give(2, 1)
    await second
    assert.equal(isDone, true)
  })

  it('copies at once what is emitted', async () => {
    const { outlets, sent } = open()
    outlets.open(reader(1))
    const value = { n: 1 }
    void outlets.emit('a', value)
    value.n = 2
    assert.deepEqual(sent, [[1, { n: 1 }]])
  })

  it('goes on without readers, and after the last has left', async () => {
    const { outlets, sent } = open()
    assert.equal(await outlets.emit('a', 1), true)
    outlets.open(reader(1))
    outlets.close(1)
    outlets.close(1)
    assert.equal(await outlets.emit('a', 2), true)
    assert.deepEqual(sent, [])
  })

  it('refuses what cannot be copied, naming the part, and goes on', async () => {
    const { outlets, sent } = open()
    outlets.open(reader(1))
    await assert.rejects(outlets.emit('a', { deep: [() => 1] }), {
      code: 'ERR_EISENMP_CLONE',
      message: "Cannot emit on channel 'a' of instance 'one': value.deep[0]: a function cannot be copied",
    })
    await outlets.emit('a', 2)
    assert.deepEqual(sent, [[1, 2]])
  })

  it('tells whoever emits that the instance is to stop', async () => {
    const { outlets } = open()
    outlets.end()
    assert.equal(await outlets.emit('a', 1), false)
    outlets.open(reader(1))
    assert.equal(await outlets.emit('a', 1), false)
  })
})
