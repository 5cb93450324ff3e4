import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KeyBuilder } from '../../src/tools/key-builder.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'

describe('KeyBuilder', () => {
  it('gives every distinct key a place, in the order of their coming', () => {
    const keys = new KeyBuilder(new ToolMemory(false))
    const places = ['a', 'b', 'a', '', 'c', ''].map((key) => keys.add(key))
    assert.deepEqual(places, [0, 1, 0, 2, 3, 2])
    assert.equal(keys.finish().size, 4)
  })

  it('finds them again after it has grown', () => {
    const keys = new KeyBuilder(new ToolMemory(true))
    for (let i = 0; i < 10_000; i++) assert.equal(keys.add(`key ${i}`), i)
    for (let i = 0; i < 10_000; i++) assert.equal(keys.add(`key ${i}`), i)
    const image = keys.finish()
    assert.ok('slots' in image && image.slots.length >= 4 * 10_000)
  })
})
