import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StreamPolicy } from '../../../src/server/fleet/fleet-messages.ts'
import { Outlet } from '../../../src/server/fleet/outlet.ts'

function open(policy: StreamPolicy, capacity: number): { outlet: Outlet; sent: unknown[] } {
  const sent: unknown[] = []
  return { outlet: new Outlet({ id: 1, channel: 'audio', policy, capacity }, (value) => sent.push(value)), sent }
}

async function isPending(promise: unknown): Promise<boolean> {
  const mark = {}
  return (await Promise.race([promise, Promise.resolve(mark)])) === mark
}

describe('Outlet', () => {
  it('sends at once while there is credit, then waits for more, in order', async () => {
    const { outlet, sent } = open('wait', 2)
    assert.equal(outlet.offer(1), true)
    assert.equal(outlet.offer(2), true)
    const third = outlet.offer(3)
    const fourth = outlet.offer(4)
    assert.equal(await isPending(third), true)
    outlet.give(1)
    assert.equal(await third, true)
    assert.equal(await isPending(fourth), true)
    assert.deepEqual(sent, [1, 2, 3])
    outlet.give(5)
    assert.equal(await fourth, true)
    assert.deepEqual(sent, [1, 2, 3, 4])
  })

  it('holds at most 1,024 values that nobody awaits, and counts the rest as dropped', async () => {
    const { outlet, sent } = open('wait', 1)
    const answers = Array.from({ length: 1030 }, (_, n) => outlet.offer(n))
    assert.equal(outlet.dropped, 5)
    await assert.rejects(Promise.resolve(answers.at(-1)), { code: 'ERR_EISENMP_FULL', message: /await emit\(\)$/ })
    outlet.give(2000)
    assert.equal(sent.length, 1025)
  })

  it('keeps the newest for drop-oldest', () => {
    const { outlet, sent } = open('drop-oldest', 2)
    for (let n = 1; n <= 6; n++) assert.equal(outlet.offer(n), true)
    assert.deepEqual(sent, [1, 2])
    assert.equal(outlet.dropped, 2)
    outlet.give(1)
    assert.deepEqual(sent, [1, 2, 5])
    outlet.flush()
    assert.deepEqual(sent, [1, 2, 5, 6])
  })

  it('keeps only the newest for latest', () => {
    const { outlet, sent } = open('latest', 1)
    for (let n = 1; n <= 100; n++) void outlet.offer(n)
    outlet.give(1)
    assert.deepEqual(sent, [1, 100])
    assert.equal(outlet.dropped, 98)
  })

  it('lets an instance go on when its reader leaves', async () => {
    const { outlet } = open('wait', 1)
    void outlet.offer(1)
    const waiting = outlet.offer(2)
    outlet.close()
    assert.equal(await waiting, true)
  })

  it('waits for nobody once the instance is to stop, and says so', async () => {
    const { outlet, sent } = open('wait', 1)
    void outlet.offer(1)
    const waiting = outlet.offer(2)
    outlet.end()
    assert.equal(await waiting, false)
    assert.equal(outlet.offer(3), false)
    assert.equal(outlet.dropped, 2)
    outlet.give(1)
    assert.equal(outlet.offer(4), false)
    assert.deepEqual(sent, [1, 4])
  })
})
