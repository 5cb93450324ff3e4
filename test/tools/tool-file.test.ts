import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, it } from 'node:test'
import { writeToolFile } from '../../src/tools/tool-file.ts'

const memory = new Uint8Array(100_000).fill(7).buffer
const image = { kind: 'numbers', numbers: { type: 'uint8', length: 100_000, memory, byteOffset: 0 } } as const

describe('writeToolFile()', () => {
  it('leaves the file and nothing else, for this user alone', async () => {
    const file = await writeToolFile(async () => image)
    const folder = dirname(file.path)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const names = readdirSync(folder).filter((name) => !name.endsWith('-lock'))
    assert.deepEqual(
      names.map((name) => `${folder}/${name}`),
      [file.path],
    )
    await file.remove()
    assert.throws(() => statSync(folder), { code: 'ENOENT' })
  })

  it('leaves nothing of one that cannot be built', async () => {
    const first = await writeToolFile(async () => image)
    const before = readdirSync(dirname(first.path))
    await assert.rejects(
      writeToolFile(async () => assert.fail('no')),
      /no/,
    )
    assert.deepEqual(readdirSync(dirname(first.path)), before)
    await first.remove()
  })
})
