import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isFromWorker } from '../../src/protocol/messages.ts'

const error = { kind: 'value', value: 1 }
const results = {
  kind: 'results',
  unit: 1,
  attempt: 1,
  count: 3,
  last: true,
  values: ['a', 'b', 'c'],
  failures: [] as unknown[],
  ms: 0.5,
  heapMb: 4,
}
const failure = { offset: 1, at: 1, cause: 'task', error }

function answer(change: Partial<Record<keyof typeof results, unknown>>): unknown {
  return { ...results, ...change }
}

describe('isFromWorker()', () => {
  const good: readonly (readonly [name: string, message: unknown])[] = [
    ['ready', { kind: 'ready', tasks: ['a'], version: '0.1.0' }],
    ['a failed start', { kind: 'startFailed', error }],
    ['an answer', results],
    ['an answer to nothing: the unit is handed back', answer({ count: 0, values: [] })],
    ['a failure between values', answer({ values: ['a', 'c'], failures: [failure] })],
    ['failures only', answer({ count: 1, values: [], failures: [{ ...failure, offset: 0, at: 0 }] })],
    ['fewer values than items', answer({ values: [] })],
    ['more values than items', answer({ count: 1 })],
    ['more fields than are known', { ...results, extra: 1 }],
  ]
  for (const [name, message] of good) it(`knows ${name}`, () => assert.equal(isFromWorker(message), true))

  const bad: readonly (readonly [name: string, message: unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ready'],
    ['an array', [results]],
    ['no kind', { tasks: [] }],
    ['an unknown kind', { kind: 'unit' }],
    ['a kind of the prototype', Object.create({ kind: 'ready', tasks: [] })],
    ['tasks that are no names', { kind: 'ready', tasks: [1] }],
    ['no tasks', { kind: 'ready' }],
    ['a failed start without an error', { kind: 'startFailed' }],
    ['a unit that is no number', answer({ unit: '1' })],
    ['a negative attempt', answer({ attempt: -1 })],
    ['half an item', answer({ count: 0.5 })],
    ['more items than can be counted', answer({ count: 2 ** 60 })],
    ['no end', answer({ last: 1 })],
    ['values that are no array', answer({ values: { length: 3 } })],
    ['failures that are no array', answer({ failures: undefined })],
    ['a failure without an error', answer({ failures: [{ ...failure, error: undefined }] })],
    ['a failure of unknown cause', answer({ failures: [{ ...failure, cause: 'luck' }] })],
    ['a failure beyond the answer', answer({ failures: [{ ...failure, offset: 3 }] })],
    ['a failure beyond the values', answer({ failures: [{ ...failure, at: 4 }] })],
    ['two failures of one item', answer({ failures: [failure, failure] })],
    ['failures out of order', answer({ failures: [failure, { ...failure, offset: 0 }] })],
    ['values before the first item', answer({ failures: [{ ...failure, offset: 0, at: 1 }] })],
    [
      'values between two failures with no item between them',
      answer({ failures: [failure, { ...failure, offset: 2, at: 2 }] }),
    ],
    ['values behind the last item', answer({ failures: [{ ...failure, offset: 2, at: 2 }] })],
    ['values of no item', answer({ count: 0 })],
    ['a negative time', answer({ ms: -1 })],
    ['no heap', answer({ heapMb: undefined })],
  ]
  for (const [name, message] of bad) it(`refuses ${name}`, () => assert.equal(isFromWorker(message), false))

  it('never throws, whatever comes', () => {
    const kinds = fc.constantFrom('ready', 'startFailed', 'results', 'x')
    fc.assert(
      fc.property(fc.anything(), kinds, (value, kind) => {
        isFromWorker(value)
        isFromWorker({ ...(value as object), kind })
        isFromWorker(answer({ failures: [value], values: [] }))
      }),
    )
  })
})
