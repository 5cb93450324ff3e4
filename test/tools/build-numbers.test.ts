import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { buildNumbers, isBuffer } from '../../src/tools/build-numbers.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
after(() => folder.remove())

describe('buildNumbers()', () => {
  it('copies nothing that is where it has to be', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(40), 8, 5)
    const own = Float32Array.of(1, 2, 3)
    const take = (array: Float32Array, isShared: boolean): ReturnType<typeof buildNumbers> =>
      buildNumbers('float32', array, new ToolMemory(isShared))
    assert.deepEqual(await take(shared, true), { type: 'float32', length: 5, memory: shared.buffer, byteOffset: 8 })
    assert.deepEqual(await take(own, false), { type: 'float32', length: 3, memory: own.buffer, byteOffset: 0 })
    const image = await take(own, true)
    assert.ok('memory' in image && image.memory instanceof SharedArrayBuffer)
  })

  it('converts arrays of another type number by number', async () => {
    const image = await buildNumbers('float64', Int8Array.of(-1, 2), new ToolMemory(false))
    assert.ok('memory' in image)
    assert.deepEqual(new Float64Array(image.memory, 0, image.length), Float64Array.of(-1, 2))
  })

  it('refuses a file whose length does not fit', async () => {
    const path = folder.write('odd.bin', '123456789')
    const message = /odd\.bin as numbers of 4 bytes each: it has 9 bytes/
    await assert.rejects(buildNumbers('int32', path, new ToolMemory(true)), { code: 'ERR_EISENMP_TOOL', message })
  })

  it('knows buffers', () => {
    const kinds = [new ArrayBuffer(1), new SharedArrayBuffer(1), new Uint8Array(1), []]
    assert.deepEqual(kinds.map(isBuffer), [true, true, false, false])
  })
})
