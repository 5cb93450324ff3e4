import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamPolicy } from '../../../src/server/fleet/fleet-messages.ts'
import { InstanceStream } from '../../../src/server/fleet/instance-stream.ts'
import { readAll } from '../../support/fleets.ts'

function open(policy: StreamPolicy = 'wait', capacity = 4) {
  const told: (number | 'left')[] = []
  const link = { giveCredit: (count: number) => void told.push(count), leave: () => void told.push('left') }
  return { stream: new InstanceStream({ id: 9, channel: 'audio', policy, capacity }, link), told }
}

function takeAll(stream: InstanceStream, values: unknown[], dropped = 0): void {
  for (const value of values) InstanceStream.take(stream, value, dropped)
}

describe('InstanceStream', () => {
  it('gives values in order, to those who wait and those who come later', async () => {
    const { stream } = open()
    const first = stream.next()
    takeAll(stream, [1, 2, 3])
    InstanceStream.end(stream)
    assert.deepEqual(await first, { done: false, value: 1 })
    assert.deepEqual(await readAll(stream), [2, 3])
  })

  it('asks for more in halves of its capacity, as it is read', async () => {
    const { stream, told } = open()
    takeAll(stream, [1, 2, 3, 4])
    assert.deepEqual(told, [])
    for (let n = 0; n < 4; n++) await stream.next()
    assert.deepEqual(told, [2, 2])
  })

  it('holds the newest for drop-oldest, asks for more as they come, and counts what it drops', async () => {
    const { stream, told } = open('drop-oldest', 2)
    takeAll(stream, [1, 2, 3, 4], 5)
    assert.deepEqual(told, [1, 1, 1, 1])
    assert.equal(stream.dropped, 7)
    InstanceStream.end(stream)
    assert.deepEqual(await readAll(stream), [3, 4])
  })

  it('leaves by break, once, and gives out nothing more', async () => {
    const { stream, told } = open()
    takeAll(stream, [1, 2])
    for await (const value of stream) {
      assert.equal(value, 1)
      break
    }
    await stream.return()
    takeAll(stream, [3])
    assert.deepEqual(told, ['left'])
    assert.deepEqual(await stream.next(), { done: true, value: undefined })
  })

  it('lets those go who wait when it ends', async () => {
    const { stream } = open()
    const waiting = [stream.next(), stream.next()]
    await stream[Symbol.asyncDispose]()
    for (const each of waiting) assert.equal((await each).done, true)
  })

  it('throws its error once, after what has arrived', async () => {
    const { stream } = open()
    takeAll(stream, [1])
    InstanceStream.end(stream, { error: new RangeError('gone') })
    assert.equal((await stream.next()).value, 1)
    await assert.rejects(stream.next(), { message: 'gone' })
    assert.equal((await stream.next()).done, true)
  })

  it('does not ask the new instance for the room that values of the old one take', async () => {
    const { stream, told } = open()
    takeAll(stream, [1, 2, 3], 2)
    assert.deepEqual(InstanceStream.renew(stream), { id: 9, channel: 'audio', policy: 'wait', capacity: 4 })
    takeAll(stream, [4, 5], 1)
    for (let n = 0; n < 3; n++) await stream.next()
    assert.deepEqual(told, [])
    for (let n = 0; n < 2; n++) await stream.next()
    assert.deepEqual(told, [2])
    assert.equal(stream.recreations, 1)
    assert.equal(stream.dropped, 3)
  })

  it('tells what it is', () => {
    const { stream } = open('latest', 1)
    assert.equal(stream.channel, 'audio')
    assert.equal(stream.policy, 'latest')
    assert.equal(InstanceStream.idOf(stream), 9)
  })
})
