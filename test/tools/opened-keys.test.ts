import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { tool } from '../../src/index.ts'
import { forms, withOpened } from '../support/open-tool.ts'

const text = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.array(fc.integer({ min: 0xd7fe, max: 0xe001 }), { maxLength: 3 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('__proto__', 'constructor', '', '\0', 'x'.repeat(10_000)),
)

describe('keys in memory and in files', () => {
  for (const form of forms) {
    it(`are those of a Map (${form})`, async () => {
      const property = fc.asyncProperty(
        fc.array(fc.tuple(text, text), { maxLength: 60 }),
        fc.array(text, { maxLength: 20 }),
        async (entries, others) => {
          const map = new Map(entries)
          await withOpened(tool.table(entries), form, (table) => {
            assert.equal(table.size, map.size)
            for (const key of [...map.keys(), ...others]) {
              assert.equal(table.get(key), map.get(key))
              assert.equal(table.has(key), map.has(key))
            }
            assert.deepEqual(new Map(table), map)
            assert.deepEqual(new Set(table.keys()), new Set(map.keys()))
          })
        },
      )
      await fc.assert(property, { numRuns: form === 'file' ? 15 : 200 })
    })

    it(`are those of a Set (${form})`, async () => {
      const property = fc.asyncProperty(fc.array(text), fc.array(text), async (words, others) => {
        const set = new Set(words)
        await withOpened(tool.words(words), form, (opened) => {
          assert.equal(opened.size, set.size)
          for (const word of [...words, ...others]) assert.equal(opened.has(word), set.has(word))
          assert.deepEqual(new Set(opened), set)
        })
      })
      await fc.assert(property, { numRuns: form === 'file' ? 15 : 200 })
    })

    it(`are strings only (${form})`, async () => {
      await withOpened(tool.table([['5', 'x']]), form, (table) => {
        for (const key of [5, null, undefined, {}] as never[]) {
          assert.equal(table.has(key), false)
          assert.equal(table.get(key), undefined)
        }
      })
    })
  }
})
