import assert from 'node:assert/strict'
import { it } from 'node:test'
import { hasOddQuotes } from '../../src/sources/csv-reader.ts'

// Records and their borders are compared with another reader's in csv.test.ts.
it('tells whether the number of quotes is odd', () => {
  for (const [text, odd] of [
    ['', false],
    ['a"b', true],
    ['"a"', false],
    ['""",', true],
  ] as const)
    assert.equal(hasOddQuotes(Buffer.from(text)), odd)
})
