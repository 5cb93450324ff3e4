import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { tool } from '../../src/index.ts'
import { forms, withOpened } from '../support/open-tool.ts'

describe('columns of strings in memory and in files', () => {
  for (const form of forms) {
    it(`are those of the array (${form})`, async () => {
      const property = fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' })),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -20, max: 20 }),
        async (texts, from, to) => {
          await withOpened(tool.columns({ texts }), form, ({ columns }) => {
            assert.equal(columns.texts.length, texts.length)
            assert.deepEqual([...columns.texts], texts)
            assert.deepEqual(columns.texts.slice(from, to), texts.slice(from, to))
            assert.equal(columns.texts.at(from), texts.at(from))
          })
        },
      )
      await fc.assert(property, { numRuns: form === 'file' ? 15 : 100 })
    })
  }
})
