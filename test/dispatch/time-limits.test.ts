import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import { Script, type Send } from './script.ts'

function start(retries = {}): { script: Script; send: Send } {
  const script = new Script(retries)
  script.open(1)
  script.ready('a')
  script.add(1, 0, 4)
  return { script, send: script.sent }
}

function timeOut(script: Script, { worker, unit }: Send, offset: number): void {
  script.post({ type: 'timedOut', worker, unit: unit.id, offset })
}

test('a late item is aborted; its failure is a timeout, others are not', () => {
  const { script, send } = start()
  timeOut(script, send, 2)
  assert.deepEqual(script.last, [{ type: 'abort', worker: 'a', unit: send.unit.id, why: 'timeout', offset: 2 }])
  const failures = [
    { offset: 1, cause: 'task' },
    { offset: 2, cause: 'task' },
  ] as const
  script.answer(send, { count: 3, failures })
  assert.deepEqual(
    script.rejections.map(({ index, cause }) => [index, cause]),
    [
      [1, 'task'],
      [2, 'timeout'],
    ],
  )
  assert.deepEqual(script.assigned, ['a: 1.0[3-3]'])
})

test('with only the unit known, the last failure is the late one', () => {
  const { script, send } = start()
  timeOut(script, send, MARK_UNKNOWN)
  assert.deepEqual(script.last, [
    { type: 'abort', worker: 'a', unit: send.unit.id, why: 'timeout', offset: MARK_UNKNOWN },
  ])
  script.answer(send, { count: 1, last: false })
  script.answer(send, { count: 1, failures: [{ offset: 0, cause: 'task' }] })
  assert.deepEqual(
    script.rejections.map(({ index, cause }) => [index, cause]),
    [[1, 'timeout']],
  )
})

test('an item that came through all the same is no failure', () => {
  const { script, send } = start()
  timeOut(script, send, 1)
  script.answer(send, { count: 2, last: false })
  assert.deepEqual(script.post({ type: 'overdue', worker: 'a', unit: send.unit.id }), [])
  timeOut(script, send, 3)
  assert.deepEqual(script.types, ['abort'], 'a later item of the unit has its own limit')
})

test('the clock may be behind the answers', () => {
  const { script, send } = start()
  script.answer(send, { count: 2, last: false })
  timeOut(script, send, 1)
  assert.deepEqual(script.last, [])
})

test('a worker that does not let go is ended; the late item is charged, the others move', () => {
  const { script, send } = start({ timeout: 1 })
  const offset = 2
  for (const worker of ['a', 'b']) {
    const late = worker === 'a' ? send : script.sent
    timeOut(script, late, worker === 'a' ? offset : 0)
    script.post({ type: 'overdue', worker, unit: late.unit.id })
    assert.deepEqual(script.last, [{ type: 'end', worker }])
    script.die(worker, { unit: late.unit.id, offset: worker === 'a' ? offset : 0 })
    assert.deepEqual(script.last.at(-1), { type: 'replace', worker, explained: true })
    if (worker === 'b') break
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[0-1]'])
    script.answer(script.sent)
    assert.deepEqual(script.assigned, ['b: 1.0[2-2]'])
  }
  assert.deepEqual(
    script.rejections.map(({ index, cause, deaths }) => [index, cause, deaths]),
    [[2, 'timeout', []]],
  )
  assert.equal(script.dispatcher.books.timeouts, 2)
})

test('a unit that is never begun has a time limit too', () => {
  const { script, send } = start()
  timeOut(script, send, MARK_UNKNOWN)
  script.post({ type: 'overdue', worker: 'a', unit: send.unit.id })
  assert.deepEqual(script.types, ['end'])
  script.die('a', { unit: 0, offset: 0 })
  script.ready('b')
  assert.equal(script.sent.unit.count, 2, 'halved: it ended two workers, and must not do so for ever')
})

test('a deadline of another unit ends nothing', () => {
  const { script, send } = start()
  assert.deepEqual(script.post({ type: 'overdue', worker: 'a', unit: send.unit.id }), [])
  assert.deepEqual(script.post({ type: 'overdue', worker: 'a', unit: 99 }), [])
  assert.deepEqual(script.post({ type: 'overdue', worker: 'z', unit: send.unit.id }), [])
})
