import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Alarm, Orders } from '../../src/supervisor/supervision-orders.ts'

const alarm: Alarm = { what: 'kill', seat: 2, generation: 7 }

describe('Orders', () => {
  it('gives what was added, once, in order', () => {
    const orders = new Orders()
    orders.add({ kind: 'up' })
    orders.set(alarm, 5)
    assert.deepEqual(orders.take(), [{ kind: 'up' }, { kind: 'set-timer', timer: 'kill:2:7', afterMs: 5 }])
    assert.deepEqual(orders.take(), [])
  })

  it('knows what a timer was for, and forgets one that has run out or was cleared', () => {
    const orders = new Orders()
    orders.set(alarm, 5)
    assert.deepEqual(orders.expire('kill:2:7'), alarm)
    assert.equal(orders.expire('kill:2:7'), undefined)
    orders.take()
    orders.clear(alarm)
    assert.deepEqual(orders.take(), [])
    orders.set(alarm, 5)
    orders.clear(alarm)
    assert.equal(orders.expire('kill:2:7'), undefined)
    assert.deepEqual(orders.take().at(-1), { kind: 'clear-timer', timer: 'kill:2:7' })
  })
})
