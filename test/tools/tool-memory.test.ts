import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ToolMemory, growBuffer } from '../../src/tools/tool-memory.ts'

describe('ToolMemory', () => {
  it('grows where it is', () => {
    for (const isShared of [true, false]) {
      const buffer = new ToolMemory(isShared).reserve(8)
      assert.equal(buffer instanceof SharedArrayBuffer, isShared)
      const before = new Uint8Array(buffer, 0, 8)
      growBuffer(buffer, 2 ** 20)
      new Uint8Array(buffer)[7] = 5
      assert.equal(before[7], 5)
    }
  })

  it('leaves address space to others, however many there are', () => {
    const memory = new ToolMemory(true)
    const buffers = Array.from({ length: 2000 }, () => memory.reserve(8))
    assert.ok(buffers.reduce((sum, { maxByteLength }) => sum + maxByteLength, 0) < 2 ** 38)
    assert.ok(memory.reserve(2 ** 26 + 1).maxByteLength >= 2 ** 30)
  })

  it('can give back at once what is not shared', () => {
    const memory = new ToolMemory(false)
    const buffers = [memory.allocate(100), memory.reserve(100)] as ArrayBuffer[]
    memory.free()
    memory.free()
    assert.ok(buffers.every(({ detached }) => detached))
  })

  it('says when there is no more', () => {
    for (const isShared of [true, false]) {
      const memory = new ToolMemory(isShared)
      for (const ask of [() => memory.allocate(2 ** 52), () => memory.reserve(2 ** 52)]) {
        assert.throws(ask, { code: 'ERR_EISENMP_TOOL', message: /4503599627370496 bytes cannot be had/ })
      }
      const small = memory.reserve(8)
      assert.throws(() => growBuffer(small, 2 ** 52), { code: 'ERR_EISENMP_TOOL' })
    }
  })
})
