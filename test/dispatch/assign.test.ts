import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Script } from './script.ts'

suite('who gets what', () => {
  test('idle workers come first, each with one unit', () => {
    const script = new Script()
    script.ready('a', 'b')
    script.open(1)
    script.add(1, 0, 10, 1)
    assert.deepEqual(script.assigned, ['a: 1.0[0-9]'])
    script.add(1, 1, 10, 1)
    assert.deepEqual(script.assigned, ['b: 1.1[0-9]'])
  })

  test('a short unit may wait behind a short one, a third may not', () => {
    const script = new Script()
    script.ready('a')
    script.open(1)
    for (const serial of [0, 1]) {
      script.add(1, serial, 10, 24)
      assert.equal(script.sends.length, 1)
    }
    assert.deepEqual(script.add(1, 2, 10, 24), [])
  })

  test('nothing waits behind a long unit, or behind one of unknown length', () => {
    for (const expectedMs of [25, undefined]) {
      const script = new Script()
      script.ready('a')
      script.open(1)
      script.add(1, 0, 10, expectedMs)
      assert.deepEqual(script.add(1, 1, 10, 1), [])
    }
  })

  test('nothing waits behind a cancelled unit', () => {
    const script = new Script()
    script.ready('a')
    script.open(1)
    script.add(1, 0, 10, 1)
    script.post({ type: 'cancelled', job: 1, serial: 0 })
    assert.deepEqual(script.add(1, 1, 10, 1), [])
  })

  test('what waits behind a unit that takes far too long is asked back, once, and goes elsewhere', () => {
    const script = new Script()
    script.ready('a')
    script.open(1)
    script.add(1, 0, 1, 1)
    const slow = script.sent
    script.add(1, 1, 1, 1)
    const waiting = script.sent
    const stalled = { type: 'stalled', worker: 'a', unit: slow.unit.id } as const
    assert.deepEqual(script.post(stalled), [{ type: 'recall', worker: 'a', unit: waiting.unit.id }])
    assert.deepEqual(script.post(stalled), [])
    script.answer(waiting, { count: 0 })
    assert.deepEqual(script.sends, [], 'not behind the slow one again')
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.1[0-0]'])
    assert.equal(script.sent.unit.attempt, 1)
  })

  test('what comes back goes out before what is fresh', () => {
    const script = new Script()
    script.open(1)
    script.ready('a')
    for (const serial of [0, 1]) script.add(1, serial, 4)
    script.die('a', { unit: 0, offset: 0 })
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[0-3]'])
  })

  test('a worker that ends gets nothing more', () => {
    const script = new Script({}, { recycleAfterItems: 1 })
    script.ready('a')
    script.open(1)
    script.add(1, 0, 1)
    script.answer(script.sent)
    assert.deepEqual(script.types, ['accept', 'stop'])
    assert.deepEqual(script.add(1, 1, 1), [])
  })
})

suite('turns', () => {
  test('jobs take turns, however much of one is waiting', () => {
    const script = new Script()
    script.open(1)
    script.open(2)
    for (let serial = 0; serial < 50; serial++) script.add(1, serial, 1)
    for (let serial = 0; serial < 3; serial++) script.add(2, serial, 1)
    script.ready('a')
    const jobs = [script.sent.unit.job]
    for (let i = 0; i < 7; i++) {
      script.answer(script.sent)
      jobs.push(script.sent.unit.job)
    }
    assert.deepEqual(jobs, [1, 2, 1, 2, 1, 2, 1, 1])
  })

  test('a unit that needs an idle worker gets one, though short units could keep all of them busy', () => {
    const script = new Script()
    script.ready('a')
    script.open(1)
    script.open(2)
    script.add(1, 0, 1, 1)
    const first = script.sent
    script.add(1, 1, 1, 1)
    const second = script.sent
    script.add(1, 2, 1, 1)
    script.add(2, 0, 1)
    script.answer(first)
    assert.deepEqual(script.assigned, [], 'it is the turn of job 2, which waits for an idle worker')
    script.answer(second)
    assert.deepEqual(script.assigned, ['a: 2.0[0-0]'])
  })
})

suite('asking for more', () => {
  const stream = { pulls: true } as const

  test('only with a worker free, and not again before the answer', () => {
    const script = new Script()
    script.open(1, stream)
    assert.deepEqual(script.last, [])
    script.ready('a')
    assert.deepEqual(script.types, ['pull'])
    script.ready('b')
    assert.deepEqual(script.types, [])
    script.add(1, 0, 1)
    assert.deepEqual(script.types, ['send', 'pull'])
    script.add(1, 1, 1)
    assert.deepEqual(script.types, ['send'])
  })

  test('in order: not further than the window beyond the oldest chunk', () => {
    const script = new Script()
    script.open(1, { ...stream, window: 2 })
    script.ready('a', 'b', 'c')
    script.add(1, 0, 1)
    script.add(1, 1, 1)
    assert.deepEqual(script.types, ['send'])
    assert.deepEqual(script.post({ type: 'consumed', job: 1, serial: 1 }), [], 'the oldest one is 0')
    script.post({ type: 'consumed', job: 1, serial: 0 })
    assert.deepEqual(script.types, ['pull'])
  })

  test('as finished: the window counts chunks', () => {
    const script = new Script()
    script.open(1, { ...stream, ordered: false, window: 2 })
    script.ready('a', 'b', 'c')
    script.add(1, 0, 1)
    script.add(1, 1, 1)
    script.post({ type: 'consumed', job: 1, serial: 1 })
    assert.deepEqual(script.types, ['pull'])
  })

  test('never from an ended or cancelled source, nor when the pool closes', () => {
    for (const event of [{ type: 'ended', job: 1 }, { type: 'cancelled', job: 1 }, { type: 'closing' }] as const) {
      const script = new Script()
      script.open(1, stream)
      script.post(event)
      script.ready('a')
      assert.deepEqual(script.last, [], event.type)
    }
  })
})

suite('the tail', () => {
  const last = { type: 'added', job: 1, serial: 0, count: 10, expectedMs: 100, last: true } as const

  test('the last unit is divided among the idle workers', () => {
    const script = new Script()
    script.ready('a', 'b', 'c', 'd')
    script.open(1, { splits: true })
    script.post(last)
    assert.deepEqual(script.assigned, ['a: 1.0[0-2]', 'b: 1.0[3-5]', 'c: 1.0[6-7]', 'd: 1.0[8-9]'])
    assert.deepEqual(
      script.sends.map(({ unit }) => unit.expectedMs),
      [30, 30, 20, 20],
    )
  })

  test('not among more workers than it has items', () => {
    const script = new Script()
    script.ready('a', 'b', 'c', 'd')
    script.open(1, { splits: true })
    script.post({ ...last, count: 2 })
    assert.deepEqual(script.assigned, ['a: 1.0[0-0]', 'b: 1.0[1-1]'])
  })

  test('not before the end is known', () => {
    const script = new Script()
    script.ready('a', 'b')
    script.open(1, { splits: true })
    script.post({ ...last, last: false })
    assert.deepEqual(script.assigned, ['a: 1.0[0-9]'])
  })

  test('not while other units wait for the same workers', () => {
    const script = new Script()
    script.ready('a', 'b', 'c')
    script.open(1, { splits: true })
    script.open(2)
    script.add(2, 0, 1)
    const first = script.sent
    script.add(2, 1, 1)
    const second = script.sent
    script.post({ ...last, count: 10 })
    const { unit } = script.sent
    script.answer(first)
    script.answer(second)
    script.die('c', { unit: unit.id, offset: 5 })
    assert.deepEqual(script.assigned, ['a: 1.0[0-4]', 'b: 1.0[5-5]'])
  })

  for (const [why, change, splits] of [
    ['short work', { expectedMs: 1 }, true],
    ['work of unknown length', { expectedMs: undefined }, true],
    ['chunks of a fixed size', {}, false],
  ] as const) {
    test(`not for ${why}`, () => {
      const script = new Script()
      script.ready('a', 'b')
      script.open(1, { splits })
      script.post({ ...last, ...change })
      assert.deepEqual(script.assigned, ['a: 1.0[0-9]'])
    })
  }
})
