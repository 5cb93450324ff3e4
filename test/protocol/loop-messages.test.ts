import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isFromLoop, isTicket } from '../../src/protocol/loop-messages.ts'

const turn = {
  kind: 'turn',
  loop: 1,
  request: 2,
  acks: [1],
  returns: [],
  puts: [{ queue: 0, items: [1], ticket: { queue: 'a', serial: 0 } }],
  closes: [0],
  emitted: { values: ['x'], tickets: [undefined] },
  items: 0,
  ended: false,
}

describe('isFromLoop()', () => {
  it('takes what workers say', () => {
    for (const message of [
      turn,
      { kind: 'take', request: 1, queue: 0, loop: 1, isTry: false },
      { kind: 'put', request: 1, queue: 0, items: [1], isTry: true },
      { kind: 'print', level: 'warn', text: 'x' },
    ]) {
      assert.ok(isFromLoop(message), message.kind)
    }
  })

  it('takes nothing with a part of another type', () => {
    for (const key of Object.keys(turn)) {
      for (const value of [-1, 1.5, 'x', null, [{}], { values: 1 }]) {
        if (key === 'items' && typeof value === 'number') continue
        assert.ok(!isFromLoop({ ...turn, [key]: value }), `${key} ${JSON.stringify(value)}`)
      }
    }
    assert.ok(!isFromLoop({ kind: 'print', level: 'shout', text: 'x' } as object))
    assert.ok(!isTicket({ queue: 'a', serial: -1 }))
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('turn', 'take', 'put', 'print', 'x'),
        fc.dictionary(fc.string(), fc.anything()),
        (kind, rest) => {
          assert.equal(typeof isFromLoop({ ...rest, kind }), 'boolean')
        },
      ),
    )
  })
})
