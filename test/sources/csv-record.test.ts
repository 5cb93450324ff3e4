import assert from 'node:assert/strict'
import { it } from 'node:test'
import { pickField, splitRecord } from '../../src/sources/csv-record.ts'

const format = { delimiter: ',', quotes: true }

it('takes a record apart', () => {
  assert.deepEqual(splitRecord('a,,"b ""c"", d",', format), ['a', '', 'b "c", d', ''])
  assert.deepEqual(splitRecord('"a",b', { ...format, quotes: false }), ['"a"', 'b'])
  for (const text of ['a"b,c', '"a"b', '"a']) assert.throws(() => splitRecord(text, format), SyntaxError)
})

it('picks one field of a record of the right width', () => {
  assert.equal(pickField('a,b,c', 1, 3, format), 'b')
  assert.equal(pickField('a,"b,",c', 1, 3, format), 'b,')
  assert.equal(pickField('a,b,', 2, 3, format), '')
  for (const text of ['a,b', 'a,b,c,d', '"a",b']) assert.throws(() => pickField(text, 0, 3, format), RangeError)
})
