import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import { Script, holdTwo } from './script.ts'

test('a cancelled job is aborted where it is held, forgotten where it waits', () => {
  const { script, first, second } = holdTwo()
  script.add(1, 2, 4)
  script.answer(first, { count: 1, last: false })
  script.post({ type: 'cancelled', job: 1 })
  const aborted = [first, second].map(({ unit }) => {
    return { type: 'abort', worker: 'a', unit: unit.id, why: 'cancel', offset: MARK_UNKNOWN }
  })
  assert.deepEqual(script.last, aborted)
  const { books } = script.dispatcher
  assert.deepEqual([books.ok, books.failed, books.cancelled], [1, 11, 11])
  assert.deepEqual(
    script.answer(first, { count: 3 }).filter(({ type }) => type !== 'abort'),
    [],
  )
  assert.equal(books.staleResults, 3)
})

test('what a cancelled source still gives is not counted', () => {
  const script = new Script()
  script.open(1, { pulls: true })
  script.ready('a')
  script.post({ type: 'cancelled', job: 1 })
  assert.deepEqual(script.add(1, 0, 5), [])
  assert.equal(script.dispatcher.books.pulled, 0)
})

test('a cancelled chunk leaves the others', () => {
  const { script } = holdTwo()
  script.add(1, 2, 4)
  script.add(1, 3, 4)
  script.post({ type: 'cancelled', job: 1, serial: 2 })
  assert.deepEqual(script.last, [])
  script.ready('b')
  assert.deepEqual(script.assigned, ['b: 1.3[0-3]'])
})

test('a cancelled unit that only waits does not cost the one in work', () => {
  const { script, first, second } = holdTwo()
  script.post({ type: 'cancelled', job: 1, serial: 1 })
  assert.deepEqual(script.post({ type: 'overdue', worker: 'a', unit: second.unit.id }), [])
  script.answer(first)
  assert.deepEqual(script.types, ['accept', 'abort'], 'now it is in the way, with a deadline of its own')
  assert.deepEqual(script.post({ type: 'overdue', worker: 'a', unit: second.unit.id }), [{ type: 'end', worker: 'a' }])
})

test('the outcome of a cancelled unit is counted and told to nobody', () => {
  const { script, first, second } = holdTwo()
  script.post({ type: 'cancelled', job: 1 })
  script.answer(first)
  script.die('a', { unit: second.unit.id, offset: 0 })
  assert.deepEqual(script.types, ['replace'])
  assert.equal(script.dispatcher.books.staleResults, 8)
  assert.ok(script.dispatcher.isQuiet)
})
