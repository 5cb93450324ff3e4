import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BrokenRing, createRing, openRing } from '../../../src/backends/ring/byte-ring.ts'
import { BELL, LinkReceiver, LinkSender } from '../../../src/backends/ring/link.ts'

const records = { write: (n: number, to: { double(value: number): void }): void => to.double(n) }

/** A link whose port is a list that is delivered when the test says so. */
function open(): {
  readonly sender: LinkSender<number>
  readonly receiver: LinkReceiver<number>
  readonly port: unknown[]
  readonly got: unknown[]
} {
  const memory = openRing(createRing(256))
  const port: unknown[] = []
  const got: unknown[] = []
  const sender = new LinkSender<number>({ postMessage: (message) => port.push(message) }, memory)
  const receiver = new LinkReceiver<number>(
    memory,
    (from) => from.double(),
    (n) => got.push(n),
  )
  return { sender, receiver, port, got }
}

describe('a link', () => {
  it('keeps one order over ring and port, whenever either is looked at', () => {
    const step = fc.constantFrom('write', 'post', 'event', 'drain', 'rest')
    const property = fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const { sender, receiver, port, got } = open()
      let sent = 0
      const actions = {
        post: () => sender.post(sent++),
        write: () => (sender.write(sent, 8, records) ? (sent += 1) : actions.post()),
        event: () => port.length > 0 && receiver.take(port.shift(), (message) => got.push(message)),
        drain: () => receiver.drain(),
        rest: () => receiver.rest(),
      }
      for (const kind of steps) actions[kind]()
      // Whoever rests is woken: nothing more than the port's events is needed to get all.
      while (port.length > 0) actions.event()
      while (!receiver.rest()) receiver.drain()
      const all = Array.from({ length: sent }, (_, i) => i)
      assert.deepEqual(got, all)
    })
    fc.assert(property, { numRuns: 3000 })
  })

  it('rings once, and only for one that rests', () => {
    const { sender, receiver, port } = open()
    sender.write(1, 8, records)
    assert.deepEqual(port, [])
    assert.equal(receiver.rest(), false)
    receiver.drain()
    assert.equal(receiver.rest(), true)
    sender.write(2, 8, records)
    sender.write(3, 8, records)
    assert.deepEqual(port, [BELL])
  })

  it('comes to its end although the other side goes on writing', () => {
    const memory = openRing(createRing(256))
    const sender = new LinkSender<number>({ postMessage() {} }, memory)
    const got: number[] = []
    const receiver = new LinkReceiver<number>(
      memory,
      (from) => from.double(),
      (n) => {
        got.push(n)
        sender.write(n + 1, 8, records)
      },
    )
    sender.write(0, 8, records)
    receiver.drain()
    assert.deepEqual(got, [0])
    assert.equal(receiver.isIdle, false)
  })

  it('delivers what did not come through it, out of order', () => {
    const { sender, receiver, got } = open()
    sender.write(1, 8, records)
    receiver.take('foreign', (message) => got.push(message))
    assert.deepEqual(got, ['foreign', 1])
  })

  it('says so when somebody else has numbered messages, or written records', () => {
    const { receiver } = open()
    assert.throws(() => receiver.take([7, 'forged'], () => {}), BrokenRing)
    const second = open()
    second.sender.write(1, 8, records)
    second.receiver.take([1, 'forged'], () => {})
    second.sender.write(2, 8, records)
    assert.throws(() => second.receiver.drain(), BrokenRing)
    const third = open()
    const short = new LinkReceiver<number>(
      openRing(createRing(64)),
      () => 0,
      () => {},
    )
    short.drain()
    third.sender.write(1, 0, { write() {} })
    assert.throws(() => third.receiver.drain(), BrokenRing)
  })
})
