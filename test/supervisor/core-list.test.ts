import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { formatCoreList, parseCoreList } from '../../src/supervisor/core-list.ts'

it('parseCoreList() reads single cores and ranges, and nothing else', () => {
  assert.deepEqual(parseCoreList('0-3,8,10-11\n'), [0, 1, 2, 3, 8, 10, 11])
  for (const text of ['', 'all', '0-', '-1', '0,,1', '0x3']) assert.equal(parseCoreList(text), undefined, text)
})

it('formatCoreList() writes the shortest form', () => {
  assert.equal(formatCoreList([8, 0, 1, 3, 2]), '0-3,8')
  assert.equal(formatCoreList([5]), '5')
})

it('what is written is read as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(200), { minLength: 1 }), (cores) => {
      assert.deepEqual(
        parseCoreList(formatCoreList(cores)),
        [...cores].sort((a, b) => a - b),
      )
    }),
  )
})
