import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { tool } from '../../src/index.ts'
import { toPlace } from '../../src/tools/paged-numbers.ts'
import { forms, withOpened } from '../support/open-tool.ts'

describe('numbers in memory and in files', () => {
  for (const form of forms) {
    it(`are those of the typed array (${form})`, async () => {
      const property = fc.asyncProperty(
        fc.oneof(fc.float64Array({ maxLength: 1200 }), fc.uint8Array({ maxLength: 9000 }), fc.int16Array()),
        fc.array(fc.tuple(fc.integer(), fc.integer({ min: -9000, max: 9000 })), { maxLength: 20 }),
        async (array, parts) => {
          await withOpened(tool.array(array), form, (opened) => {
            assert.equal(opened.length, array.length)
            for (const [from, to] of parts) {
              assert.equal(opened.at(from), array.at(from))
              assert.equal(opened.at(to), array.at(to))
              assert.deepEqual(opened.slice(from, to), array.slice(from, to))
              assert.deepEqual(opened.slice(to), array.slice(to))
            }
            assert.deepEqual([...opened], [...array])
          })
        },
      )
      await fc.assert(property, { numRuns: form === 'file' ? 20 : 100 })
    })
  }

  it('takes places as slice() does', () => {
    const places = [0, 3, 9, -1, -9, 1.9, -1.9, NaN, Infinity, -Infinity].map((given) => toPlace(given, 5))
    assert.deepEqual(places, [0, 3, 5, 4, 0, 1, 4, 0, 5, 0])
  })
})
