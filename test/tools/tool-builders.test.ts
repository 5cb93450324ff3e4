import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Tool, tool } from '../../src/index.ts'

describe('tool', () => {
  it('reads nothing before a pool starts', () => {
    const unread = (): never => assert.fail('it was read')
    const made = {
      bytes: tool.bytes(unread),
      array: tool.array(Uint8Array, unread),
      words: tool.words(unread),
      table: tool.table(unread),
      columns: tool.columns({ a: String }, unread),
    }
    for (const [kind, one] of Object.entries(made)) {
      assert.ok(one instanceof Tool)
      assert.equal(one.kind, kind)
    }
  })
})
