import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Supervised } from './supervised.ts'

describe('SupervisedSeat', () => {
  it('starts again at once, then later and later', () => {
    const one = Supervised.up(['a'])
    assert.deepEqual(one.gone(0, 0), ['start 0.1'])
    assert.deepEqual(one.gone(0, 1), [])
    assert.deepEqual(one.timers(), ['clear start:0:1', 'set backoff:0:2 100'])
    assert.deepEqual(one.states(), ['backoff'])
    assert.deepEqual(one.timer('backoff:0:2'), ['start 0.2'])
    one.gone(0, 2)
    assert.deepEqual(one.timers().at(-1), 'set backoff:0:3 200')
    const [view] = one.supervision.view()
    assert.deepEqual(view, { seat: 0, state: 'backoff', generation: 2, restarts: 3, lastExit: 'exit code 1' })
  })

  it('starts the successor of a worker that fails while that one drains by itself', () => {
    const one = Supervised.up(['a'])
    const failing = { kind: 'failing', seat: 0, generation: 0, reason: 'TypeError: x' } as const
    assert.deepEqual(one.tell(failing), ['start 0.1'])
    assert.deepEqual(one.timers(), ['set kill:0:0 15000', 'set start:0:1 30000'])
    assert.deepEqual(one.tell(failing), [])
    one.ready(0, 1)
    assert.deepEqual(one.gone(0, 0), [])
    assert.equal(one.supervision.view()[0]!.lastExit, 'TypeError: x')
    assert.deepEqual(one.states(), ['ready'])
  })

  it('takes a worker that fails before it is ready for a failed start', () => {
    const one = new Supervised(['a'])
    one.tell({ kind: 'open' })
    const reason = 'Error: no such table'
    assert.deepEqual(one.tell({ kind: 'failing', seat: 0, generation: 0, reason }), [])
    assert.deepEqual(one.timers(), ['clear start:0:0', 'set kill:0:0 15000'])
    assert.deepEqual(one.ready(0, 0), [])
    assert.deepEqual(one.timer('kill:0:0'), ['kill 0.0'])
    const error = new Error('Cannot start')
    const gone = { kind: 'gone', seat: 0, generation: 0, reason: 'SIGKILL', isRegular: false, bySignal: true } as const
    const told = one.tell({ ...gone, error })
    assert.deepEqual(told, ['gave-up 0: it did not get ready: Error: no such table (Error: Cannot start)'])
    assert.deepEqual(one.states(), ['failed'])
  })

  it('kills who is not ready in time', () => {
    const one = Supervised.up(['a'])
    one.gone(0, 0)
    assert.deepEqual(one.timer('start:0:1'), ['kill 0.1'])
    assert.deepEqual(one.ready(0, 1), [])
    assert.deepEqual(one.states(), ['starting'])
    assert.deepEqual(one.gone(0, 1), [])
    assert.deepEqual(one.states(), ['backoff'])
    assert.equal(one.supervision.view()[0]!.lastExit, 'it was not ready within 30000 ms')
  })

  it('ends one that is doomed with the close, and does not kill it twice', () => {
    const two = new Supervised(['a', 'a'])
    two.tell({ kind: 'open' })
    assert.deepEqual(two.timer('start:0:0'), ['kill 0.0'])
    two.tell({ kind: 'failing', seat: 1, generation: 0, reason: 'TypeError' })
    assert.deepEqual(two.tell({ kind: 'close' }), ['kill 1.0'])
    assert.deepEqual(two.gone(0, 0), [])
    assert.deepEqual(two.gone(1, 0), ['closed'])
  })

  it('gives up with the error of the first start when it was never ready', () => {
    const two = new Supervised(['a', 'a'])
    two.tell({ kind: 'open' })
    two.ready(1, 0)
    const error = new Error('Cannot find module')
    const event = { kind: 'gone', seat: 0, generation: 0, reason: 'exit code 1', isRegular: false, error } as const
    assert.deepEqual(two.tell(event), ['gave-up 0: it did not get ready: exit code 1 (Error: Cannot find module)'])
    assert.deepEqual(two.states(), ['failed', 'ready'])
    assert.deepEqual(two.tell({ kind: 'revive', seat: 0 }), ['start 0.1'])
    assert.deepEqual(two.ready(0, 1), ['up'])
  })
})
