import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueueDesk } from '../../src/pool/queue-desk.ts'
import { ResultBoard } from '../../src/pool/results.ts'
import type { ToWorker } from '../../src/protocol/messages.ts'

function create() {
  const sent: [string, ToWorker][] = []
  const events: unknown[][] = []
  const note =
    (name: string) =>
    (...args: unknown[]): void =>
      void events.push([name, ...args])
  const results = new ResultBoard(
    () => [],
    () => {},
  )
  const traits = ['a', 'b'].map((name) => ({ name, category: undefined, capacity: 1 }))
  const desk = new QueueDesk(traits, { crash: 0, error: 0 }, results, {
    send: (worker, message) => sent.push([worker, message]),
    dead: (entry, why, loop) => events.push(['dead', entry.payload, why, loop]),
    refused: note('refused'),
    ended: note('ended'),
    thrown: (worker, loop) => events.push(['thrown', worker, loop]),
    counted: note('counted'),
    print: note('print'),
    changed: () => {},
  })
  return { desk, sent, events, results }
}

const turn = {
  kind: 'turn',
  loop: 1,
  request: 9,
  acks: [],
  returns: [],
  puts: [],
  closes: [],
  items: 0,
  ended: false,
} as const
const emitted = { values: [], tickets: [] }

describe('QueueDesk', () => {
  it('gives a chunk to the worker that waits, and is answered by its turn', () => {
    const { desk, sent, events, results } = create()
    desk.receive('w', { kind: 'take', request: 1, queue: 0, loop: 1, isTry: false })
    assert.deepEqual([...desk.listWaiting()], ['w/1'])
    desk.putOwn(0, [5, 6], undefined, () => {})
    const [worker, message] = sent[0]!
    assert.ok(worker === 'w' && message.kind === 'taken' && message.chunk !== undefined)
    const { lease, ticket } = message.chunk
    assert.equal(desk.listWaiting().size, 0)
    desk.receive('w', { ...turn, acks: [lease], emitted: { values: ['x'], tickets: [ticket] } })
    assert.deepEqual(events, [['counted', 2, false]])
    assert.deepEqual(sent[1], ['w', { kind: 'done', request: 9 }])
    assert.equal(results.store().get('a')?.get(0), 'x')
  })

  it('answers a turn when all that it put has found room', () => {
    const { desk, sent } = create()
    const puts = [1, 2].map((n) => ({ queue: 0, items: [n] }))
    desk.receive('w', { ...turn, puts, emitted })
    assert.equal(sent.length, 0)
    desk.takeOwn(0, () => {})
    assert.deepEqual(sent, [['w', { kind: 'done', request: 9 }]])
  })

  it('a dead worker is charged with what it held, and its loop is told', () => {
    const { desk, events } = create()
    desk.putOwn(0, [5], undefined, () => {})
    desk.receive('w', { kind: 'take', request: 1, queue: 0, loop: 3, isTry: false })
    desk.bury('w', true)
    assert.deepEqual(events, [['dead', [5], 'crash', 3]])
    desk.bury('w', true)
    assert.equal(events.length, 1)
  })

  it('knows what cannot be meant', () => {
    const { desk } = create()
    assert.ok(!desk.isPlausible({ kind: 'take', request: 1, queue: 2, loop: 1, isTry: false }))
    assert.ok(!desk.isPlausible({ ...turn, emitted, closes: [2] }))
    assert.ok(desk.isPlausible({ ...turn, emitted, closes: [1] }))
  })
})
