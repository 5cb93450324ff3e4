import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Supervised } from './supervised.ts'

describe('Reloads', () => {
  it('goes from seat to seat as each successor is ready, without waiting for the drain', () => {
    const two = Supervised.up(['a', 'a'])
    assert.deepEqual(two.reload(1), ['start 0.1 for 0'])
    assert.deepEqual(two.ready(0, 1), ['drain 0.0', 'start 1.1 for 0'])
    assert.deepEqual(two.ready(1, 1), ['drain 1.0', 'reloaded 1: 2'])
  })

  it('stops at the first successor that fails, and the old one stays', () => {
    const two = Supervised.up(['a', 'a'])
    two.reload(1)
    assert.deepEqual(two.gone(0, 1), ['reloaded 1: 0, not 0: exit code 1'])
    assert.deepEqual(two.states(), ['ready', 'ready'])
    two.reload(2)
    two.ready(0, 2)
    assert.deepEqual(two.timer('start:1:1'), ['kill 1.1'])
    assert.deepEqual(two.gone(1, 1), ['reloaded 2: 1, not 1: it was not ready within 30000 ms'])
    assert.deepEqual(two.states(), ['ready', 'ready'])
  })

  it('replaces twice what was started before the second request, and only that', () => {
    const two = Supervised.up(['a', 'a'])
    two.reload(1)
    assert.deepEqual(two.reload(2), [])
    assert.deepEqual(two.reload(3), [])
    assert.deepEqual(two.ready(0, 1), ['drain 0.0', 'start 1.1 for 0'])
    // 0.1 had started when the second and third were asked for, 1.1 had not.
    assert.deepEqual(two.ready(1, 1), ['drain 1.0', 'reloaded 1: 2', 'start 0.2 for 1'])
    assert.deepEqual(two.ready(0, 2), ['drain 0.1', 'reloaded 2: 2', 'reloaded 3: 2'])
  })

  it('tries again for the second request when the first has failed', () => {
    const one = Supervised.up(['a'])
    one.reload(1)
    one.reload(2)
    assert.deepEqual(one.gone(0, 1), ['reloaded 1: 0, not 0: exit code 1', 'start 0.2 for 0'])
    assert.deepEqual(one.ready(0, 2), ['drain 0.0', 'reloaded 2: 1'])
  })

  it('gives a seat in back-off its chance at once', () => {
    const one = Supervised.up(['a'])
    one.gone(0, 0)
    one.gone(0, 1)
    assert.deepEqual(one.reload(1), ['start 0.2'])
    assert.deepEqual(one.timers(), ['clear backoff:0:2', 'set start:0:2 30000'])
    assert.deepEqual(one.ready(0, 2), ['reloaded 1: 1'])
  })

  it('gives a seat that has given up another chance', () => {
    const one = new Supervised(['a'])
    one.tell({ kind: 'open' })
    one.gone(0, 0)
    assert.deepEqual(one.reload(1), ['start 0.1'])
    assert.deepEqual(one.gone(0, 1), [
      'gave-up 0: it did not get ready: exit code 1 (undefined)',
      'reloaded 1: 0, not 0: exit code 1',
    ])
    assert.deepEqual(one.reload(2), ['start 0.2'])
    assert.deepEqual(one.ready(0, 2), ['reloaded 2: 1', 'up'])
  })

  it('waits for a start that is under way, and replaces it', () => {
    const one = Supervised.up(['a'])
    one.gone(0, 0)
    assert.deepEqual(one.reload(1), [])
    assert.deepEqual(one.ready(0, 1), ['start 0.2 for 1'])
    assert.deepEqual(one.ready(0, 2), ['drain 0.1', 'reloaded 1: 1'])
  })

  it('lets the successor have the seat when the old one dies meanwhile', () => {
    const one = Supervised.up(['a'])
    one.reload(1)
    assert.deepEqual(one.gone(0, 0), [])
    assert.deepEqual(one.ready(0, 1), ['reloaded 1: 1'])
  })

  it('goes back to restarts when old and new both die', () => {
    const one = Supervised.up(['a'])
    one.reload(1)
    one.gone(0, 0)
    assert.deepEqual(one.gone(0, 1), ['start 0.2', 'reloaded 1: 0, not 0: exit code 1'])
  })

  it('waits while another worker of the group is replaced for its health', () => {
    const two = Supervised.up(['a', 'a'])
    two.unhealthy(1, 0)
    assert.deepEqual(two.reload(1), [])
    assert.deepEqual(two.ready(1, 1), ['drain 1.0', 'start 0.1 for 0'])
    assert.deepEqual(two.ready(0, 1), ['drain 0.0', 'start 1.2 for 1'])
  })

  it('passes over seats that are retired, also meanwhile', () => {
    const two = Supervised.up(['a', 'a'])
    two.reload(1)
    assert.deepEqual(two.tell({ kind: 'retire', seat: 0 }), ['kill 0.1', 'drain 0.0', 'start 1.1 for 0'])
    assert.deepEqual(two.ready(1, 1), ['drain 1.0', 'reloaded 1: 1'])
  })

  it('ends all requests with the close', () => {
    const one = Supervised.up(['a'])
    one.reload(1)
    one.reload(2)
    assert.deepEqual(one.tell({ kind: 'close' }), [
      'reloaded 1: 0, not 0: it is being closed',
      'reloaded 2: 0, not 0: it is being closed',
      'kill 0.1',
      'drain 0.0',
    ])
  })

  it('has nothing to do before anything runs', () => {
    const one = new Supervised(['a'])
    assert.deepEqual(one.reload(1), ['reloaded 1: 0, not 0: nothing runs yet'])
  })
})
