import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tool } from '../../src/index.ts'
import { forms, withOpened } from '../support/open-tool.ts'

describe('opened tools', () => {
  for (const form of forms) {
    it(`can be iterated by several at a time, and read meanwhile (${form})`, async () => {
      const entries = Array.from({ length: 500 }, (_, i) => [`key ${i}`, `value ${i}`] as const)
      await withOpened(tool.table(entries), form, (table) => {
        let count = 0
        for (const [key, value] of table) {
          for (const other of table.keys()) {
            if (other === key) count += 1
          }
          assert.equal(table.get(key), value)
          if (count > 30) break
        }
        assert.equal(count, 31)
      })
    })

    it(`give bytes as a copy (${form})`, async () => {
      await withOpened(tool.table([['a', Uint8Array.of(1, 2)]]), form, (table) => {
        table.get('a')![0] = 9
        assert.deepEqual(table.get('a'), Uint8Array.of(1, 2))
      })
    })

    it(`have rows with the names of the columns, whatever they are (${form})`, async () => {
      const data = { ['__proto__']: ['a'], length: Uint8Array.of(5) }
      await withOpened(tool.columns(data), form, (columns) => {
        assert.deepEqual(Object.entries(columns.row(0)!), [
          ['__proto__', 'a'],
          ['length', 5],
        ])
        assert.ok(Object.isFrozen(columns.columns))
      })
    })
  }
})
