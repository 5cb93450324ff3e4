import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GrowingNumbers } from '../../src/tools/growing-numbers.ts'
import { viewNumbers } from '../../src/tools/number-types.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'

describe('GrowingNumbers', () => {
  it('keeps all that comes, one by one and in arrays', () => {
    for (const isShared of [true, false]) {
      const numbers = new GrowingNumbers<Int16Array>('int16', new ToolMemory(isShared))
      const wanted: number[] = []
      for (let i = 0; i < 300; i++) {
        numbers.push(i)
        numbers.append(Int16Array.from({ length: i }, (_, k) => -k))
        wanted.push(i, ...Array.from({ length: i }, (_, k) => 0 - k))
      }
      assert.equal(numbers.length, wanted.length)
      assert.deepEqual(viewNumbers(numbers.finish()), Int16Array.from(wanted))
    }
  })

  it('does not move', () => {
    const numbers = new GrowingNumbers<Uint8Array>('uint8', new ToolMemory(true))
    const { buffer } = numbers.view
    numbers.append(new Uint8Array(5_000_000))
    assert.equal(numbers.view.buffer, buffer)
  })

  it('goes beyond 4 GB', () => {
    const numbers = new GrowingNumbers<Uint8Array>('uint8', new ToolMemory(true))
    numbers.makeRoom(5 * 2 ** 30)
    // What is never written takes no memory.
    numbers.length = 5 * 2 ** 30 - 1
    numbers.push(7)
    assert.equal(viewNumbers(numbers.finish())?.at(-1), 7)
  })
})
