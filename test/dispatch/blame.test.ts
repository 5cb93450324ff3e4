import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Rejection } from '../../src/dispatch/events.ts'
import { MARK_IDLE, MARK_UNKNOWN } from '../../src/protocol/mark.ts'
import { Script, type Send, holdTwo } from './script.ts'

const IDLE = { unit: MARK_IDLE, offset: 0 }

function mark({ unit }: Send, offset: number): { readonly unit: number; readonly offset: number } {
  return { unit: unit.id, offset }
}

/** One chunk with one poison item, one worker at a time, until nothing is left: how many die of it. */
function isolate(count: number, poison: number, isExact: boolean): number {
  const script = new Script()
  script.open(1)
  script.add(1, 0, count)
  let deaths = 0
  const rejections: Rejection[] = []
  script.ready('w0')
  while (!script.dispatcher.isQuiet) {
    const { unit } = script.sent
    const offset = poison - unit.from
    if (offset >= 0 && offset < unit.count) {
      script.die(`w${deaths++}`, mark(script.sent, isExact || unit.suspect ? offset : MARK_UNKNOWN))
      rejections.push(...script.rejections)
      script.ready(`w${deaths}`)
    } else script.answer(script.sent)
  }
  assert.deepEqual(
    rejections.map(({ index, cause }) => [index, cause]),
    [[poison, 'crash']],
  )
  assert.equal(rejections[0]!.deaths.length, 3)
  assert.equal(script.dispatcher.books.ok, count - 1)
  return deaths
}

suite('a poison item among 1000', () => {
  for (const poison of [0, 1, 500, 999]) {
    test(`is found at once by marks of items: ${poison}`, () => {
      assert.equal(isolate(1000, poison, true), 3)
    })

    test(`is found after one death more when only its unit is known at first: ${poison}`, () => {
      assert.equal(isolate(1000, poison, false), 4)
    })
  }

  test('is found by halving when no mark ever tells the item', () => {
    const script = new Script()
    script.open(1)
    script.add(1, 0, 1000)
    script.ready('w0')
    let deaths = 0
    const sizes: number[] = []
    while (!script.dispatcher.isQuiet) {
      const { unit } = script.sent
      if (unit.from > 500 || unit.from + unit.count <= 500) script.answer(script.sent)
      else {
        sizes.push(unit.count)
        script.die(`w${deaths++}`, undefined)
        script.ready(`w${deaths}`)
      }
    }
    assert.deepEqual(sizes, [1000, 500, 250, 125, 62, 31, 15, 7, 3, 1, 1, 1])
    assert.equal(script.dispatcher.books.ok, 999)
    assert.equal(script.dispatcher.books.failed, 1)
  })
})

suite('who is not charged', () => {
  test('what waits behind the unit in work', () => {
    const { script, first } = holdTwo({ crash: 0 })
    script.die('a', mark(first, 0))
    assert.deepEqual(
      script.rejections.map(({ serial, index }) => [serial, index]),
      [[0, 0]],
    )
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[1-3]', 'b: 1.1[0-3]'])
    assert.ok(script.sends.every(({ unit }) => !unit.suspect))
  })

  test('an item that was answered: the next one had not begun', () => {
    const script = new Script({ crash: 0 })
    script.open(1)
    script.ready('a')
    script.add(1, 0, 4)
    const send = script.sent
    script.answer(send, { count: 2, last: false })
    script.die('a', mark(send, 1))
    assert.deepEqual(script.types, ['replace'])
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[2-3]'])
  })

  test('anybody, when we ended the worker for the sake of others', () => {
    const { script, first, second } = holdTwo()
    script.post({ type: 'cancelled', job: 1, serial: 0 })
    script.post({ type: 'overdue', worker: 'a', unit: first.unit.id })
    assert.deepEqual(script.last, [{ type: 'end', worker: 'a' }])
    script.die('a', mark(second, MARK_UNKNOWN))
    assert.deepEqual(script.last, [{ type: 'replace', worker: 'a', explained: true }])
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.1[0-3]'])
    assert.equal(script.sent.unit.suspect, false)
  })
})

suite('a worker that broke the protocol', () => {
  test('may have started all that it held: nothing of it runs twice with at most once', () => {
    const { script, first } = holdTwo({ crash: 0 })
    script.die('a', mark(first, 0), true)
    assert.deepEqual(
      script.rejections
        .map(({ serial, index, cause }) => [serial, index, cause])
        .toSorted(([a], [b]) => Number(a) - Number(b)),
      [0, 1].flatMap((serial) => [0, 1, 2, 3].map((index) => [serial, index, 'unknown'])),
    )
  })

  test('has a mark that accuses nobody', () => {
    const { script, second } = holdTwo()
    script.die('a', mark(second, 3), true)
    assert.deepEqual(script.rejections, [])
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[0-1]'])
    assert.equal(script.sent.unit.suspect, true)
  })
})

suite('a worker that dies before it begins', () => {
  test("is nobody's fault at first, and that of the unit once it was alone", () => {
    const script = new Script({ crash: 1 })
    script.open(1)
    script.add(1, 0, 2)
    const history: string[] = []
    for (let life = 0; !script.dispatcher.isQuiet; life++) {
      script.ready(`w${life}`)
      const { count, suspect } = script.sent.unit
      script.die(`w${life}`, IDLE)
      const [replace] = script.last.filter(({ type }) => type === 'replace')
      history.push(`${count} ${suspect} ${JSON.stringify(replace)?.includes('true')} ${script.rejections.length}`)
    }
    assert.deepEqual(history, [
      '2 false false 0',
      '2 true true 0',
      '1 true true 0',
      '1 true true 1',
      '1 true true 0',
      '1 true true 1',
    ])
  })

  test('costs nothing with at most once, since nothing had started', () => {
    const script = new Script({ crash: 0 })
    script.open(1)
    script.add(1, 0, 3)
    script.ready('a')
    script.die('a', IDLE)
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[0-2]'])
  })

  test('unexplained, when it had nothing to do', () => {
    const script = new Script()
    script.ready('a')
    assert.deepEqual(script.die('a', IDLE), [{ type: 'replace', worker: 'a', explained: false }])
  })
})

suite('at most once', () => {
  test('what may have been started is unknown, with the death; what had not moves', () => {
    const script = new Script({ crash: 0 })
    script.open(1)
    script.ready('a')
    script.add(1, 0, 5)
    script.die('a', mark(script.sent, 2))
    assert.deepEqual(
      script.rejections.map(({ index, cause }) => [index, cause]),
      [
        [2, 'unknown'],
        [0, 'unknown'],
        [1, 'unknown'],
      ],
    )
    for (const { deaths } of script.rejections)
      assert.deepEqual(
        deaths.map(({ reason }) => reason),
        ['death 1'],
      )
    script.ready('b')
    assert.deepEqual(script.assigned, ['b: 1.0[3-4]'])
  })

  for (const [what, offset] of [
    ['only the unit', MARK_UNKNOWN],
    ['nonsense', Number.NaN],
    ['an item that there is not', 5],
  ] as const) {
    test(`all of the unit is unknown when the mark tells ${what}`, () => {
      const script = new Script({ crash: 0 })
      script.open(1)
      script.ready('a')
      script.add(1, 0, 5)
      script.die('a', mark(script.sent, offset))
      assert.equal(script.rejections.length, 5)
      assert.ok(script.dispatcher.isQuiet)
    })
  }

  test('all of the unit is unknown when no mark tells how far it came after an item was late', () => {
    const script = new Script({ crash: 0 })
    script.open(1)
    script.ready('a')
    script.add(1, 0, 3)
    script.post({ type: 'timedOut', worker: 'a', unit: script.sent.unit.id, offset: 0 })
    script.die('a', undefined)
    assert.equal(script.rejections.length, 3)
  })

  test('an item whose time was up is not sent again after its worker was ended, whatever retries.timeout', () => {
    const script = new Script({ crash: 0, timeout: 3 })
    script.open(1)
    script.ready('a')
    script.add(1, 0, 1)
    const send = script.sent
    script.post({ type: 'timedOut', worker: 'a', unit: send.unit.id, offset: 0 })
    script.post({ type: 'overdue', worker: 'a', unit: send.unit.id })
    script.die('a', mark(send, 0))
    assert.deepEqual(
      script.rejections.map(({ cause }) => cause),
      ['timeout'],
    )
  })
})

test('what was charged travels alone', () => {
  const script = new Script()
  script.open(1)
  script.ready('a')
  script.add(1, 0, 3, 1)
  script.die('a', mark(script.sent, 1))
  script.ready('b')
  assert.deepEqual(script.assigned, ['b: 1.0[0-0]'], 'the suspect is next, and not behind another')
  script.answer(script.sent)
  assert.deepEqual(script.assigned, ['b: 1.0[1-1]'])
  assert.equal(script.sent.unit.suspect, true)
  script.answer(script.sent)
  assert.deepEqual(script.assigned, ['b: 1.0[2-2]'])
})
