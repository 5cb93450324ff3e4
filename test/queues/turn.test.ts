import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Turn } from '../../src/queues/turn.ts'

const ticket = { queue: 'a', serial: 0 }
const asIs = (values: readonly unknown[]): readonly unknown[] => values

it('Turn collects what a call does, and begins anew when that was told', () => {
  const turn = new Turn(3)
  assert.deepEqual([turn.isEmpty, turn.holdsChunks, turn.mustSettleBefore(0)], [true, false, false])
  turn.hold(7, 0, ticket)
  assert.deepEqual(
    [turn.isEmpty, turn.holdsChunks, turn.mustSettleBefore(0), turn.ticket],
    [false, true, false, ticket],
  )
  turn.emit('x', ticket)
  turn.put({ queue: 1, items: [1] })
  turn.count(2)
  turn.close(1)
  assert.deepEqual([turn.mustSettleBefore(0), turn.mustSettleBefore(1)], [true, false])
  assert.deepEqual(turn.cut(asIs), {
    kind: 'turn',
    loop: 3,
    acks: [7],
    returns: [],
    puts: [{ queue: 1, items: [1] }],
    closes: [1],
    emitted: { values: ['x'], tickets: [ticket] },
    items: 2,
  })
  assert.ok(turn.isEmpty)
})

it('Turn forgets what a call did that has thrown, but not what it held', () => {
  const turn = new Turn(1)
  turn.hold(1, 0, ticket)
  turn.hold(2, 1, ticket)
  turn.emit('x', undefined)
  assert.deepEqual(turn.drop(), [1, 2])
  assert.ok(turn.isEmpty)
})
