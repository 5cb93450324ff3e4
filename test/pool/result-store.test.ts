import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ResultStore } from '../../src/pool/result-store.ts'

it('ResultStore keeps results by ticket, and knows which are missing', () => {
  const issued: [string, number][] = [
    ['a', 14],
    ['b', 1],
  ]
  const answered = new Set(['a0', 'a1', 'b0'])
  const store = new ResultStore(
    () => issued,
    ({ queue, serial }) => answered.has(`${queue}${serial}`),
  )
  const keep = (value: unknown, queue?: string, serial = 0): void =>
    store.keep({ value, ticket: queue === undefined ? undefined : { queue, serial }, worker: '0.1' })
  keep('x', 'a', 0)
  keep(['y'], 'a', 1)
  keep('z', 'a', 1)
  keep('w', 'a', 1)
  keep('free')
  assert.deepEqual(
    [...store.get('a')!],
    [
      [0, 'x'],
      [1, [['y'], 'z', 'w']],
    ],
  )
  assert.deepEqual([...store.get('output')!], [[0, 'free']])
  assert.equal(store.missing().length, 12)
  assert.equal(
    store.report('Letters'),
    'Letters:\n  a       2 of 14 answered, missing: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …\n  b       1 of 1 answered\n  output  1 answered',
  )
})
