import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RULES, Supervised } from './supervised.ts'

describe('Supervision, at the start and at the end', () => {
  it('starts all seats together and is up when each has a ready worker', () => {
    const two = new Supervised(['a', 'b'])
    assert.deepEqual(two.tell({ kind: 'open' }), ['start 0.0', 'start 1.0'])
    assert.deepEqual(two.timers(), ['set start:0:0 30000', 'set start:1:0 30000'])
    assert.deepEqual(two.ready(1, 0), [])
    assert.deepEqual(two.states(), ['starting', 'ready'])
    assert.deepEqual(two.ready(0, 0), ['up'])
    assert.deepEqual(two.timers(), ['clear start:0:0'])
    assert.deepEqual(two.tell({ kind: 'open' }), [])
  })

  it('is up without the seats that are retired before', () => {
    const two = new Supervised(['a', 'a'])
    assert.deepEqual(two.tell({ kind: 'retire', seat: 1 }), ['retired 1'])
    assert.deepEqual(two.tell({ kind: 'open' }), ['start 0.0'])
    assert.deepEqual(two.ready(0, 0), ['up'])
  })

  it('drains who serves, kills who starts, and is closed when nothing lives', () => {
    const two = new Supervised(['a', 'b'])
    two.tell({ kind: 'open' })
    two.ready(0, 0)
    assert.deepEqual(two.tell({ kind: 'close' }), ['drain 0.0', 'kill 1.0'])
    assert.deepEqual(two.timers(), ['set kill:0:0 15000', 'clear start:1:0'])
    assert.deepEqual(two.states(), ['draining', 'draining'])
    assert.deepEqual(two.ready(1, 0), [])
    assert.deepEqual(two.gone(1, 0), [])
    assert.deepEqual(two.left(0, 0), ['closed'])
    assert.deepEqual(two.timers(), ['clear kill:0:0'])
    assert.deepEqual(two.states(), ['ended', 'ended'])
    assert.deepEqual(two.tell({ kind: 'close' }), [])
  })

  it('kills who does not end in time', () => {
    const one = Supervised.up(['a'])
    one.tell({ kind: 'close' })
    assert.deepEqual(one.timer('kill:0:0'), ['kill 0.0'])
    assert.deepEqual(one.timer('kill:0:0'), [])
    assert.deepEqual(one.gone(0, 0), ['closed'])
  })

  it('kills all with destroy, also those that drain, and none twice', () => {
    const three = Supervised.up(['a', 'a', 'a'])
    three.tell({ kind: 'retire', seat: 0 })
    three.tell({ kind: 'retire', seat: 1 })
    assert.deepEqual(three.timer('kill:1:0'), ['kill 1.0'])
    assert.deepEqual(three.tell({ kind: 'destroy' }), ['kill 0.0', 'kill 2.0'])
    assert.deepEqual(three.tell({ kind: 'destroy' }), [])
  })

  it('kills with destroy after close', () => {
    const one = Supervised.up(['a'])
    assert.deepEqual(one.tell({ kind: 'close' }), ['drain 0.0'])
    assert.deepEqual(one.tell({ kind: 'destroy' }), ['kill 0.0'])
    assert.deepEqual(one.timers(), ['clear kill:0:0'])
  })

  it('is closed at once when nothing lives', () => {
    assert.deepEqual(new Supervised(['a']).tell({ kind: 'close' }), ['closed'])
  })

  it('starts nobody after the close', () => {
    const one = Supervised.up(['a'])
    one.gone(0, 0)
    one.tell({ kind: 'close' })
    assert.deepEqual(one.gone(0, 1), ['closed'])
    assert.deepEqual(one.tell({ kind: 'revive', seat: 0 }), [])
    assert.deepEqual(one.tell({ kind: 'open' }), [])
    assert.deepEqual(one.reload(7), ['reloaded 7: 0, not 0: it is being closed'])
  })
})

describe('Supervision of health', () => {
  it('has the successor ready before it drains the unhealthy', () => {
    const one = Supervised.up(['a'])
    assert.deepEqual(one.unhealthy(0, 0), ['start 0.1 for 0'])
    assert.deepEqual(one.states(), ['replacing'])
    assert.deepEqual(one.unhealthy(0, 0), [])
    assert.deepEqual(one.ready(0, 1), ['drain 0.0'])
    assert.deepEqual(one.left(0, 0), [])
  })

  it('kills a blocked one when the successor is ready', () => {
    const one = Supervised.up(['a'])
    assert.deepEqual(one.unhealthy(0, 0, true), ['start 0.1 for 0'])
    assert.deepEqual(one.ready(0, 1), ['kill 0.0'])
  })

  it('kills one that blocks while its successor starts', () => {
    const one = Supervised.up(['a'])
    one.unhealthy(0, 0)
    one.unhealthy(0, 0, true)
    assert.deepEqual(one.ready(0, 1), ['kill 0.0'])
  })

  it('kills a blocked one also when the successor fails, and starts another', () => {
    const one = Supervised.up(['a'])
    one.unhealthy(0, 0, true)
    assert.deepEqual(one.gone(0, 1), ['kill 0.0', 'start 0.2'])
  })

  it('keeps one that is not blocked when the successor fails, and waits before the next try', () => {
    const one = Supervised.up(['a'])
    one.unhealthy(0, 0)
    assert.deepEqual(one.gone(0, 1), [])
    assert.deepEqual(one.states(), ['ready'])
    one.nowMs = 99
    assert.deepEqual(one.unhealthy(0, 0), [])
    one.nowMs = 100
    assert.deepEqual(one.unhealthy(0, 0), ['start 0.2 for 0'])
  })

  it('replaces one of a group at a time', () => {
    const three = Supervised.up(['a', 'a', 'b'])
    assert.deepEqual(three.unhealthy(0, 0), ['start 0.1 for 0'])
    assert.deepEqual(three.unhealthy(1, 0), [])
    assert.deepEqual(three.unhealthy(2, 0), ['start 2.1 for 0'])
    three.ready(0, 1)
    assert.deepEqual(three.unhealthy(1, 0), ['start 1.1 for 0'])
  })

  it('lets the successor have the seat of one that dies meanwhile', () => {
    const one = Supervised.up(['a'])
    one.unhealthy(0, 0)
    assert.deepEqual(one.gone(0, 0), [])
    assert.deepEqual(one.states(), ['starting'])
    assert.deepEqual(one.ready(0, 1), [])
    assert.deepEqual(one.states(), ['ready'])
  })

  it('does not listen to lives of before', () => {
    const one = Supervised.up(['a'])
    one.gone(0, 0)
    assert.deepEqual(one.unhealthy(0, 0), [])
    assert.deepEqual(one.unhealthy(0, 1), [])
    assert.deepEqual(one.unhealthy(9, 0), [])
  })
})

describe('Supervision of retired seats', () => {
  it('drains and tells when the seat is empty', () => {
    const two = Supervised.up(['a', 'a'])
    assert.deepEqual(two.tell({ kind: 'retire', seat: 0 }), ['drain 0.0'])
    assert.deepEqual(two.tell({ kind: 'retire', seat: 0 }), [])
    assert.deepEqual(two.states(), ['draining', 'ready'])
    assert.deepEqual(two.left(0, 0), ['retired 0'])
    assert.deepEqual(two.tell({ kind: 'retire', seat: 0 }), ['retired 0'])
    assert.deepEqual(two.states(), ['retired', 'ready'])
    assert.deepEqual(two.tell({ kind: 'revive', seat: 0 }), ['start 0.1'])
    assert.deepEqual(two.tell({ kind: 'revive', seat: 0 }), [])
  })

  it('kills the successor that is on its way', () => {
    const one = Supervised.up(['a'])
    one.unhealthy(0, 0)
    assert.deepEqual(one.tell({ kind: 'retire', seat: 0 }), ['kill 0.1', 'drain 0.0'])
    assert.deepEqual(one.left(0, 0), [])
    assert.deepEqual(one.gone(0, 1), ['retired 0'])
  })

  it('tells nothing of a seat that is revived before it is empty', () => {
    const one = Supervised.up(['a'])
    one.tell({ kind: 'retire', seat: 0 })
    assert.deepEqual(one.tell({ kind: 'revive', seat: 0 }), ['start 0.1'])
    assert.deepEqual(one.left(0, 0), [])
    assert.deepEqual(one.ready(0, 1), [])
  })

  it('retires a seat in back-off', () => {
    const one = Supervised.up(['a'])
    one.gone(0, 0)
    assert.deepEqual(one.gone(0, 1), [])
    assert.deepEqual(one.tell({ kind: 'retire', seat: 0 }), ['retired 0'])
    assert.deepEqual(one.timers(), ['clear backoff:0:2'])
    assert.deepEqual(one.timer('backoff:0:2'), [])
  })
})

describe('Supervision with other policies', () => {
  const withPolicy = (policy: 'transient' | 'temporary') => ({ ...RULES, restart: { ...RULES.restart, policy } })

  it('leaves the seat of a transient worker that has ended by itself', () => {
    const one = Supervised.up(['a'], withPolicy('transient'))
    assert.deepEqual(one.left(0, 0), [])
    assert.deepEqual(one.states(), ['ended'])
    assert.deepEqual(one.reload(1), ['reloaded 1: 0'])
    assert.deepEqual(one.tell({ kind: 'revive', seat: 0 }), ['start 0.1'])
  })

  it('starts a transient worker after a crash, a temporary one never', () => {
    assert.deepEqual(Supervised.up(['a'], withPolicy('transient')).gone(0, 0), ['start 0.1'])
    assert.deepEqual(Supervised.up(['a'], withPolicy('temporary')).gone(0, 0), [])
  })

  it('reloads temporary workers, since they have not ended by themselves', () => {
    const one = Supervised.up(['a'], withPolicy('temporary'))
    assert.deepEqual(one.reload(1), ['start 0.1 for 0'])
    assert.deepEqual(one.ready(0, 1), ['drain 0.0', 'reloaded 1: 1'])
  })
})
