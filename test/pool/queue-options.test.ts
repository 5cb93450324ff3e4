import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readQueues } from '../../src/pool/queue-options.ts'

const names = (given: unknown): string[] => readQueues(given).map(({ name, category }) => `${category ?? ''}.${name}`)

describe('readQueues()', () => {
  it('reads names and categories, and adds the default queue', () => {
    assert.deepEqual(names(undefined), ['.input'])
    const given = { words: { capacity: 5 }, batch_1: { audio: {}, capacity: { capacity: 2 } }, empty: undefined }
    assert.deepEqual(names(given), ['.input', '.words', 'batch_1.audio', 'batch_1.capacity', '.empty'])
    assert.deepEqual(
      readQueues(given).map(({ capacity }) => capacity),
      [16, 5, 16, 2, 16],
    )
    assert.deepEqual(names({ a: {}, input: { capacity: 1 } }), ['.a', '.input'])
    assert.deepEqual(names({ input: { left: {} } }), ['input.left'])
  })

  it('refuses what is no queue', () => {
    const cases: [unknown, RegExp][] = [
      [{ a: 5 }, /'a'.*it is 5; give options/],
      [{ a: { capacity: 0 } }, /queue 'a'.*a whole number from 1/],
      [{ c: { a: { capacity: -1 } } }, /queue 'c\.a'/],
      [{ a: { capacty: 1 } }, /did you mean 'capacity'/],
      [{ 'a.b': {} }, /"a\.b".*no name/],
      [{ 'c d': { a: {} } }, /"c d".*no name/],
      [{ c: { a: {}, b: 5 } }, /option 'a' .*queue 'c'/],
    ]
    for (const [given, message] of cases)
      assert.throws(() => readQueues(given), { code: 'ERR_EISENMP_OPTION', message })
  })
})
