import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Script, type Send } from './script.ts'

function start(retries = {}, count = 4): { script: Script; send: Send } {
  const script = new Script(retries)
  script.open(1)
  script.ready('a')
  script.add(1, 0, count)
  return { script, send: script.sent }
}

suite('answers', () => {
  test('values between failures are named by their stretch', () => {
    const { script, send } = start()
    const failures = [
      { offset: 0, cause: 'task' },
      { offset: 2, cause: 'clone' },
    ] as const
    script.answer(send, { failures })
    const named = script.last.map((told) => {
      if (told.type === 'accept') return `run ${told.run}: ${told.from}+${told.count}`
      return told.type === 'reject' ? `failure ${told.failure}: ${told.index} ${told.cause}` : told.type
    })
    assert.deepEqual(named, ['run 0: 0+0', 'failure 0: 0 task', 'run 1: 1+1', 'failure 1: 2 clone', 'run 2: 3+1'])
  })

  test('on the way shorten the unit', () => {
    const { script, send } = start()
    script.answer(send, { count: 3, last: false })
    assert.equal(script.dispatcher.heldItems, 1)
    script.answer(send, { count: 1 })
    assert.deepEqual(script.last, [{ type: 'accept', job: 1, serial: 0, from: 3, count: 1, run: 0 }])
    assert.ok(script.dispatcher.isQuiet)
  })

  test('what comes back unstarted is no attempt', () => {
    const { script, send } = start()
    script.answer(send, { count: 1 })
    assert.deepEqual(script.assigned, ['a: 1.0[1-3]'])
    assert.equal(script.sent.unit.attempt, 1)
    assert.notEqual(script.sent.unit.id, send.unit.id)
    assert.equal(script.dispatcher.books.attempts, 4)
  })

  test('that come twice are dropped and counted', () => {
    const { script, send } = start()
    const part = { from: 0, count: 2, last: false }
    script.answer(send, part)
    assert.deepEqual(script.answer(send, part), [])
    script.answer(send, { from: 2, count: 2 })
    assert.deepEqual(script.answer(send, { from: 2, count: 2 }), [])
    assert.equal(script.dispatcher.books.ok, 4)
    assert.equal(script.dispatcher.books.lateResults, 4)
  })

  test('of a worker that was given up come too late: one result', () => {
    const { script, send } = start()
    script.die('a', { unit: send.unit.id, offset: 0 })
    script.ready('b')
    while (!script.dispatcher.isQuiet) script.answer(script.sent)
    assert.deepEqual(script.answer(send), [])
    assert.equal(script.dispatcher.books.ok, 4)
    assert.equal(script.dispatcher.books.lateResults, 4)
  })

  for (const [what, change] of [
    ['more than the unit', { count: 5 }],
    ['what comes later', { from: 2, count: 2 }],
    ['a failure beyond its end', { failures: [{ offset: 4, cause: 'task' }] }],
    [
      'failures out of order',
      {
        failures: [
          { offset: 1, cause: 'task' },
          { offset: 0, cause: 'task' },
        ],
      },
    ],
  ] as const) {
    test(`that cover ${what} end the worker, and what it worked on is to blame`, () => {
      const { script, send } = start()
      assert.deepEqual(script.answer(send, change), [{ type: 'end', worker: 'a' }])
      assert.deepEqual(script.answer(send), [], 'no more hearing')
      script.die('a', { unit: send.unit.id, offset: 0 })
      assert.deepEqual(script.last, [{ type: 'replace', worker: 'a', explained: true }])
      script.ready('b')
      assert.deepEqual(script.assigned, ['b: 1.0[0-0]'])
      assert.equal(script.sent.unit.suspect, true)
    })
  }
})

suite('budgets', () => {
  test('errors are tried again as often as retries.error says, alone, and not as suspects', () => {
    const { script, send } = start({ error: 2 })
    script.answer(send, { failures: [{ offset: 3, cause: 'task' }] })
    for (const attempt of [2, 3]) {
      assert.deepEqual(script.assigned, ['a: 1.0[3-3]'])
      assert.equal(script.sent.unit.suspect, false)
      assert.equal(script.sent.unit.attempt, attempt)
      script.answer(script.sent, { failures: [{ offset: 0, cause: 'task' }] })
    }
    assert.deepEqual(
      script.rejections.map(({ index, attempt, cause }) => [index, attempt, cause]),
      [[3, 3, 'task']],
    )
    assert.equal(script.dispatcher.books.errors, 3)
  })

  test('what cannot travel is not tried again', () => {
    const { script, send } = start({ error: 5 })
    script.answer(send, { failures: [{ offset: 0, cause: 'size' }] })
    assert.deepEqual(
      script.rejections.map(({ cause }) => cause),
      ['size'],
    )
  })

  test('each cause has a budget of its own', () => {
    const { script } = start({ crash: 1, error: 1 }, 1)
    script.answer(script.sent, { failures: [{ offset: 0, cause: 'task' }] })
    script.die('a', { unit: script.sent.unit.id, offset: 0 })
    script.ready('b')
    script.answer(script.sent)
    assert.equal(script.dispatcher.books.ok, 1)
  })
})

suite('recycling', () => {
  test('a worker stops after its share of items, with empty hands', () => {
    const script = new Script({}, { recycleAfterItems: 2 })
    script.open(1)
    script.ready('a')
    script.add(1, 0, 2, 1)
    const first = script.sent
    script.add(1, 1, 2, 1)
    const second = script.sent
    assert.deepEqual(
      script.answer(first).map(({ type }) => type),
      ['accept'],
    )
    assert.deepEqual(
      script.answer(second).map(({ type }) => type),
      ['accept', 'stop'],
    )
    const [replace] = script.die('a', { unit: 0, offset: 0 })
    assert.deepEqual(replace, { type: 'replace', worker: 'a', explained: true })
  })

  test('or when its heap has grown', () => {
    const script = new Script({}, { recycleMaxHeapMb: 100 })
    script.open(1)
    script.ready('a')
    script.add(1, 0, 1)
    script.answer(script.sent, { heapMb: 100 })
    assert.deepEqual(script.types, ['accept', 'stop'])
  })
})
