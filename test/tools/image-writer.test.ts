import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { buildTable } from '../../src/tools/build-table.ts'
import { findDriver } from '../../src/tools/find-driver.ts'
import { ImageWriter } from '../../src/tools/image-writer.ts'
import { PAGE_BYTES } from '../../src/tools/page-store.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
after(() => folder.remove())

describe('ImageWriter', () => {
  it('gives every part pages of its own', async () => {
    const entries = Array.from({ length: 9000 }, (_, i) => [`key ${i}`, `value ${i}`])
    const source = await buildTable(entries, '\t', new ToolMemory(false))
    const writer = new ImageWriter(`${folder.path}/parts.mdb`, findDriver())
    const image = await writer.write(source)
    await writer.close()
    assert.ok(image.kind === 'table' && image.values.kind === 'string' && 'buckets' in image.keys)
    const { bytes, offsets } = image.values.heap
    assert.ok('firstPage' in bytes && 'firstPage' in offsets)
    assert.deepEqual([image.keys.firstBucket, image.keys.buckets, bytes.firstPage], [0, 1125, 1125])
    assert.equal(offsets.firstPage, 1125 + Math.ceil(bytes.length / PAGE_BYTES))
  })

  it('fills the pages of the system', async () => {
    const path = `${folder.path}/numbers.mdb`
    const writer = new ImageWriter(path, findDriver())
    const memory = new Float64Array(2_000_000).fill(1.5).buffer
    await writer.write({ kind: 'numbers', numbers: { type: 'float64', length: 2_000_000, memory, byteOffset: 0 } })
    await writer.close()
    assert.ok(statSync(path).size < 16_000_000 * 1.02, String(statSync(path).size))
  })
})
