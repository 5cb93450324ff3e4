import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Answer } from '../../../src/backends/entries/answer.ts'
import { idleLink } from '../../support/idle-link.ts'
import { WorkerToolbox } from '../../../src/backends/entries/toolbox.ts'
import { RefusedValue } from '../../../src/codec/refused-value.ts'
import type { Sink } from '../../../src/protocol/messages.ts'

const toolbox = new WorkerToolbox({ id: '0.1', index: 0, name: 'w', config: undefined }, 0, idleLink)
const tasks = new Map<string, unknown>([
  ['join', (a: string, b: string) => a + b],
  ['joinLater', async (a: string, b: string) => a + b],
  [
    'fail',
    () => {
      throw new RangeError('no luck')
    },
  ],
])

function create(sink: Sink, portable = true): Answer {
  return new Answer(sink, tasks, toolbox, portable)
}

const values: Sink = { kind: 'values' }
const count: Sink = { kind: 'count' }
const reduce: Sink = { kind: 'reduce', task: 'join' }

/** Each item emits its letters; one with an exclamation mark fails behind them. */
function play(answer: Answer, items: readonly string[]): { values: readonly unknown[]; failures: [number, number][] } {
  for (const [offset, item] of items.entries()) {
    answer.begin()
    for (const letter of item.replace('!', '')) void answer.emit(letter)
    if (item.endsWith('!')) answer.fail(offset, new Error(item))
  }
  const taken = answer.take()
  return { values: taken.values, failures: taken.failures.map(({ offset, at }) => [offset, at]) }
}

describe('Answer', () => {
  const cases: readonly (readonly [
    name: string,
    sink: Sink,
    items: string[],
    values: unknown[],
    failures: [number, number][],
  ])[] = [
    ['values', values, ['ab', '', 'c'], ['a', 'b', 'c'], []],
    ['values, an item that fails', values, ['a', 'bc!', 'd'], ['a', 'd'], [[1, 1]]],
    [
      'values, the first and last fail',
      values,
      ['a!', 'b', 'c!'],
      ['b'],
      [
        [0, 0],
        [2, 1],
      ],
    ],
    [
      'values, all fail',
      values,
      ['a!', 'b!'],
      [],
      [
        [0, 0],
        [1, 0],
      ],
    ],
    ['a count', count, ['ab', '', 'c'], [3], []],
    ['a count of nothing', count, ['', ''], [], []],
    ['a count, an item that fails', count, ['a', 'bc!', 'de'], [1, 2], [[1, 1]]],
    ['a count, the last one fails', count, ['ab', 'c!'], [2], [[1, 1]]],
    ['a count, the first one fails', count, ['a!', 'b'], [1], [[0, 0]]],
    [
      'a count, all fail',
      count,
      ['a!', 'b!'],
      [],
      [
        [0, 0],
        [1, 0],
      ],
    ],
    ['a reduction', reduce, ['ab', '', 'c'], ['abc'], []],
    ['a reduction of nothing', reduce, [''], [], []],
    ['a reduction, an item that fails', reduce, ['a', 'bc!', 'd', 'e'], ['a', 'de'], [[1, 1]]],
    ['a reduction, the last one fails', reduce, ['ab', 'c!'], ['ab'], [[1, 1]]],
    ['a reduction, the first one fails', reduce, ['ab!', 'c'], ['c'], [[0, 0]]],
  ]
  for (const [name, sink, items, expected, failures] of cases) {
    it(`carries ${name}`, () => assert.deepEqual(play(create(sink), items), { values: expected, failures }))
  }

  it('begins anew after each answer', () => {
    const answer = create(values)
    play(answer, ['a', 'b!'])
    assert.deepEqual(play(answer, ['c']), { values: ['c'], failures: [] })
  })

  it('awaits a reduction that is async', async () => {
    const answer = create({ kind: 'reduce', task: 'joinLater' })
    answer.begin()
    for (const letter of 'abc') await answer.emit(letter)
    assert.deepEqual(answer.take().values, ['abc'])
  })

  it('leaves the partial result alone when the reducing task throws', () => {
    const answer = create({ kind: 'reduce', task: 'fail' })
    answer.begin()
    void answer.emit('a')
    answer.begin()
    assert.throws(() => answer.emit('b'), RangeError)
    answer.fail(1, new RangeError('no luck'))
    assert.deepEqual(answer.take().values, ['a'])
  })

  it('refuses a value that cannot travel when it is emitted, and tells that cause', () => {
    const answer = create(values)
    answer.begin()
    let refusal: unknown
    assert.throws(
      () => answer.emit({ f: () => {} }),
      (error) => (refusal = error) instanceof RefusedValue,
    )
    answer.fail(0, refusal)
    assert.equal(answer.take().failures[0]?.cause, 'clone')
  })

  it('refuses a partial result that cannot travel when it is taken; then all share the error', () => {
    const answer = create(reduce)
    answer.begin()
    void answer.emit(() => {})
    let refusal: unknown
    assert.throws(
      () => answer.take(),
      (error) => (refusal = error) instanceof RefusedValue,
    )
    const { values: left, failures } = answer.failAll(2, refusal)
    assert.deepEqual(
      [left, failures.map(({ offset, at, cause }) => [offset, at, cause])],
      [
        [],
        [
          [0, 0, 'clone'],
          [1, 0, 'clone'],
        ],
      ],
    )
    assert.deepEqual(answer.take(), { values: [], failures: [] })
  })

  it('takes a copy of each value at once', () => {
    const answer = create(values)
    const value = { n: 1 }
    answer.begin()
    void answer.emit(value)
    value.n = 2
    assert.deepEqual(answer.take().values, [{ n: 1 }])
  })

  it('survives an error that cannot be asked what it is', () => {
    const answer = create(values)
    const get = (): never => assert.fail('it was asked')
    answer.begin()
    answer.fail(0, new Proxy({}, { get, getPrototypeOf: get }))
    assert.equal(answer.take().failures[0]?.cause, 'task')
  })
})
