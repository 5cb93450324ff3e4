import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Outlet } from '../../src/pool/outlet.ts'
import type { ReadySegment } from '../../src/stream/reorder.ts'

function toSegment(serial: number): ReadySegment {
  return { serial, from: 0, count: 1, values: [serial], completes: true }
}

describe('Outlet', () => {
  it('gives segments in the order they came, now or later', async () => {
    const outlet = new Outlet()
    outlet.push(toSegment(0))
    outlet.push(toSegment(1))
    assert.equal(outlet.takeReady()?.serial, 0)
    assert.equal((await outlet.take())?.serial, 1)
    assert.equal(outlet.takeReady(), undefined)
    assert.ok(outlet.isEmpty)
  })

  it('serves consumers that wait in turn', async () => {
    const outlet = new Outlet()
    const waiting = [outlet.take(), outlet.take()]
    outlet.push(toSegment(0))
    outlet.push(toSegment(1))
    assert.deepEqual(
      (await Promise.all(waiting)).map((segment) => segment?.serial),
      [0, 1],
    )
    assert.ok(outlet.isEmpty)
  })

  it('ends behind what is ready', async () => {
    const outlet = new Outlet()
    outlet.push(toSegment(0))
    outlet.end({}, false)
    assert.ok(outlet.isEnded)
    assert.equal((await outlet.take())?.serial, 0)
    assert.equal(await outlet.take(), undefined)
    assert.equal(await outlet.take(), undefined)
  })

  it('drops what is ready when told so', async () => {
    const outlet = new Outlet()
    outlet.push(toSegment(0))
    outlet.end({}, true)
    assert.equal(await outlet.take(), undefined)
  })

  it('gives the error once, then it is over', async () => {
    const outlet = new Outlet()
    const reason = new Error('why')
    outlet.push(toSegment(0))
    outlet.end({ error: reason }, false)
    await outlet.take()
    await assert.rejects(outlet.take(), reason)
    assert.equal(await outlet.take(), undefined)
  })

  it('gives the error to the first consumer that waits, the end to the others', async () => {
    const outlet = new Outlet()
    const first = outlet.take()
    const second = outlet.take()
    outlet.end({ error: 'why' }, false)
    await assert.rejects(first, (error) => error === 'why')
    assert.equal(await second, undefined)
    assert.equal(await outlet.take(), undefined)
  })

  it('keeps an error that is undefined', async () => {
    const outlet = new Outlet()
    outlet.end({ error: undefined }, false)
    await assert.rejects(outlet.take(), (error) => error === undefined)
  })

  it('ends once: what comes later changes nothing', async () => {
    const outlet = new Outlet()
    outlet.end({}, false)
    outlet.end({ error: new Error('late') }, false)
    assert.equal(await outlet.take(), undefined)
  })

  it('raises no unhandled rejection for an error that nobody takes', async () => {
    const outlet = new Outlet()
    void outlet.take()
    outlet.end({ error: new Error('unheard') }, false)
    await new Promise((resolve) => setImmediate(resolve))
  })
})
