import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PathStep, RefusedValue, formatPath } from '../../src/codec/refused-value.ts'

describe('formatPath()', () => {
  const cases: readonly (readonly [path: readonly PathStep[], text: string])[] = [
    [[], 'item'],
    [['rows', 3, 'when'], 'item.rows[3].when'],
    [['$_a', 'größe'], 'item.$_a.größe'],
    [['a b', '1e3', '', '"'], 'item["a b"]["1e3"][""]["\\""]'],
    [['__proto__'], 'item.__proto__'],
  ]
  for (const [path, text] of cases) it(`writes ${text}`, () => assert.equal(formatPath('item', path), text))

  it('leaves out the middle of a long path', () => {
    const text = formatPath('item', [...Array.from({ length: 900 }, () => 'deeper'), 'end'])
    assert.ok(text.length < 250)
    assert.match(text, /^item\.deeper.*\["…"\]\.end$/)
  })
})

describe('RefusedValue', () => {
  it('keeps the cause only where there is one', () => {
    assert.ok(!Object.hasOwn(new RefusedValue('clone', 'm'), 'cause'))
    assert.equal(new RefusedValue('size', 'm', 'why').cause, 'why')
  })
})
