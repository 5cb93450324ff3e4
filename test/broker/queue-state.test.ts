import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Line, QueueState, nameQueue } from '../../src/broker/queue-state.ts'

describe('Line', () => {
  it('is an array to its user', () => {
    const step = fc.oneof(
      fc.record({ act: fc.constantFrom('push', 'insert', 'remove'), value: fc.nat(20) }),
      fc.record({ act: fc.constant('shift'), value: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const line = new Line<number>()
        let model: number[] = []
        for (const { act, value } of steps) {
          if (act === 'push') {
            line.push(value)
            model.push(value)
          } else if (act === 'shift') assert.equal(line.shift(), model.shift())
          else if (act === 'insert') {
            line.insert(value, (other) => other > value)
            const position = model.findIndex((other) => other > value)
            model.splice(position < 0 ? model.length : position, 0, value)
          } else {
            assert.deepEqual(
              line.remove((other) => other === value),
              model.filter((other) => other === value),
            )
            model = model.filter((other) => other !== value)
          }
          assert.equal(line.length, model.length)
        }
        assert.deepEqual(line.list(), model)
      }),
    )
  })
})

describe('QueueState', () => {
  it('has a name that shows its category', () => {
    assert.equal(nameQueue({ name: 'a', category: undefined }), 'a')
    assert.equal(new QueueState(0, { name: 'a', category: 'c', capacity: 1 }).fullName, 'c.a')
  })

  it('is drained when it is closed and nothing waits to get in', () => {
    const state = new QueueState<string>(0, { name: 'a', category: undefined, capacity: 1 })
    assert.deepEqual([state.isFull, state.isDrained], [false, false])
    state.isClosed = true
    assert.ok(state.isDrained)
  })
})
