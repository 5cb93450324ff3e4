import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildTable, buildWords } from '../../src/tools/build-table.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'

describe('buildTable()', () => {
  it('keeps places of values only when a key came twice', async () => {
    const build = (entries: unknown[]): ReturnType<typeof buildTable> =>
      buildTable(entries, '\t', new ToolMemory(false))
    const plain = await build([
      ['a', 'x'],
      ['b', 'y'],
    ])
    const twice = await build([
      ['a', 'x'],
      ['a', 'y'],
      ['b', 'z'],
    ])
    assert.ok(plain.kind === 'table' && plain.values.kind === 'string' && plain.values.places === undefined)
    assert.ok(twice.kind === 'table' && twice.values.kind === 'string' && twice.values.places?.length === 2)
  })
})

describe('buildWords()', () => {
  it('counts each word once', async () => {
    const image = await buildWords(['a', 'b', 'a'], new ToolMemory(true))
    assert.ok(image.kind === 'words' && image.keys.size === 2)
  })

  it('names the word that is none', async () => {
    const error = { code: 'ERR_EISENMP_TOOL', item: null, message: 'Cannot use word 1 as a string: it is null' }
    await assert.rejects(buildWords(['a', null], new ToolMemory(true)), error)
  })
})
