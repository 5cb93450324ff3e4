import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Script } from './script.ts'

suite('what is known', () => {
  test('isQuiet, heldItems and heldBy follow the units', () => {
    const script = new Script()
    const { dispatcher } = script
    script.open(1)
    assert.ok(dispatcher.isQuiet)
    script.add(1, 0, 3)
    assert.equal(dispatcher.isQuiet, false)
    assert.equal(dispatcher.heldItems, 0)
    script.ready('a')
    assert.equal(dispatcher.heldItems, 3)
    assert.equal(dispatcher.heldBy('a'), 1)
    assert.equal(dispatcher.heldBy('b'), 0)
    script.answer(script.sent)
    assert.ok(dispatcher.isQuiet)
    assert.equal(dispatcher.heldBy('a'), 0)
  })

  test('a worker that says twice that it is ready keeps what it holds', () => {
    const script = new Script()
    script.open(1)
    script.ready('a')
    script.add(1, 0, 3)
    script.ready('a')
    assert.deepEqual(script.last, [])
    assert.equal(script.dispatcher.heldItems, 3)
  })

  test('events about workers and jobs that there are not change nothing', () => {
    const script = new Script()
    script.ready('a')
    script.add(7, 0, 3)
    script.post({ type: 'ended', job: 7 })
    script.post({ type: 'consumed', job: 7, serial: 0 })
    script.post({ type: 'cancelled', job: 7 })
    script.post({ type: 'stalled', worker: 'z', unit: 1 })
    assert.deepEqual(script.die('z', undefined), [])
    assert.equal(script.dispatcher.books.pulled, 0)
  })
})

suite('chunks without work', () => {
  test('an item that cannot travel is settled at once and never sent', () => {
    const script = new Script()
    script.open(1)
    script.ready('a')
    script.post({ type: 'added', job: 1, serial: 0, count: 1, refused: 'clone' })
    const place = { job: 1, serial: 0, index: 0 }
    assert.deepEqual(script.last, [{ type: 'reject', ...place, cause: 'clone', attempt: 0, worker: '', deaths: [] }])
    assert.ok(script.dispatcher.isQuiet)
  })

  test('an empty chunk is not sent, and counts until it is consumed', () => {
    const script = new Script()
    script.open(1, { pulls: true, window: 1 })
    script.ready('a')
    assert.deepEqual(script.add(1, 0, 0), [])
    assert.deepEqual(script.post({ type: 'consumed', job: 1, serial: 0 }), [{ type: 'pull', job: 1 }])
  })
})

test('the books balance over a whole story', () => {
  const script = new Script({ error: 1 })
  const { dispatcher } = script
  const { books } = dispatcher
  const check = (): void => {
    const ended = books.ok + books.errors + books.crashes + books.timeouts + books.staleResults
    assert.equal(books.attempts, ended + dispatcher.heldItems)
  }
  script.open(1)
  script.ready('a')
  script.add(1, 0, 5)
  script.answer(script.sent, { count: 2, failures: [{ offset: 1, cause: 'task' }] })
  check()
  script.answer(script.sent)
  check()
  script.die('a', { unit: script.sent.unit.id, offset: 1 })
  check()
  script.ready('b')
  while (script.sends.length > 0) {
    script.answer(script.sent)
    check()
  }
  assert.deepEqual([books.pulled, books.ok, books.failed], [5, 5, 0])
  assert.ok(dispatcher.isQuiet)
})

test('100,000 calls wait, and go, in linear time', () => {
  const script = new Script()
  const calls = 100_000
  script.open(0, { window: Infinity, ordered: false })
  for (let serial = 0; serial < calls; serial++) script.add(0, serial, 1)
  for (let serial = 1; serial < calls; serial += 2) script.post({ type: 'cancelled', job: 0, serial })
  const workers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const sends = workers.map((worker) => (script.ready(worker), script.sent))
  const served = sends.map(({ unit }) => unit.serial)
  for (let send = sends.shift(); send !== undefined; send = sends.shift()) {
    script.answer(send)
    for (const next of script.sends) {
      sends.push(next)
      served.push(next.unit.serial)
    }
    script.post({ type: 'consumed', job: 0, serial: send.unit.serial })
  }
  assert.equal(served.length, calls / 2)
  assert.ok(served.every((serial, i) => serial === 2 * i))
  assert.ok(script.dispatcher.isQuiet)
})
