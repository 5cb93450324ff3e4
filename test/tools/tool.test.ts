import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { tool } from '../../src/index.ts'
import { Tool } from '../../src/tools/tool.ts'

describe('Tool', () => {
  it('is built once for all who hold it, also while it is being built', async () => {
    let built = 0
    const words = tool.words(async () => {
      built += 1
      return ['a']
    })
    const [first, second] = await Promise.all([Tool.hold(words, 'memory'), Tool.hold(words, 'memory')])
    assert.equal(first.shared.image, second.shared.image)
    await first.release()
    const third = await Tool.hold(words, 'memory')
    assert.equal(third.shared.image, second.shared.image)
    await second.release()
    await third.release()
    assert.equal(built, 1)
    await (await Tool.hold(words, 'memory')).release()
    assert.equal(built, 2)
  })

  it('has one file for all who hold it, and none afterwards', async () => {
    const words = tool.words(['a'])
    const [first, second] = await Promise.all([Tool.hold(words, 'file'), Tool.hold(words, 'file')])
    const { path } = first.shared.file!
    assert.equal(second.shared.file!.path, path)
    await first.release()
    assert.ok(existsSync(path))
    await second.release()
    assert.ok(!existsSync(path))
  })

  it('is written from memory when it is there', async () => {
    const words = tool.words(['a', 'b'].values())
    const memory = await Tool.hold(words, 'memory')
    const file = await Tool.hold(words, 'file')
    assert.ok(file.shared.image.kind === 'words' && file.shared.image.keys.size === 2)
    await file.release()
    const { image } = memory.shared
    assert.ok(image.kind === 'words' && 'heap' in image.keys && 'memory' in image.keys.heap.bytes)
    assert.equal(new Uint8Array(image.keys.heap.bytes.memory)[1], 97)
    await memory.release()
    await assert.rejects(Tool.hold(words, 'memory'), { code: 'ERR_EISENMP_TOOL', message: /used up/ })
  })

  it('leaves the data of the user alone', async () => {
    const own = Uint8Array.of(1, 2)
    const held = await Tool.hold(tool.array(own), 'file')
    await held.release()
    assert.deepEqual(own, Uint8Array.of(1, 2))
  })
})
