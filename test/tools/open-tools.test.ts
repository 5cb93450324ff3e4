import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SharedTool } from '../../src/protocol/tool-image.ts'
import { openTools } from '../../src/tools/open-tools.ts'

const numbers = { type: 'uint8', length: 2, memory: Uint8Array.of(1, 2).buffer, byteOffset: 0 } as const

describe('openTools()', () => {
  it('opens each once, when it is asked for', () => {
    const broken = { image: { kind: 'unknown' } } as unknown as SharedTool
    const tools = openTools({ numbers: { image: { kind: 'numbers', numbers } }, broken })
    assert.deepEqual(Object.keys(tools), ['numbers', 'broken'])
    assert.deepEqual(tools['numbers'], Uint8Array.of(1, 2))
    assert.equal(tools['numbers'], tools['numbers'])
    assert.throws(() => tools['broken'], /another kind/)
  })

  it('has no other names, and cannot be changed', () => {
    const tools = openTools({}) as Record<string, unknown>
    assert.equal(tools['constructor'], undefined)
    assert.throws(() => {
      tools['a'] = 1
    }, TypeError)
  })
})
