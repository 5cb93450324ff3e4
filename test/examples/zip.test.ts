import fc from 'fast-check'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { listZip, readZipEntry } from '../../examples/lib/zip-reader.ts'
import type { ReadBytes } from '../../examples/lib/zip-reader.ts'
import { writeZip } from '../../examples/lib/zip-writer.ts'
import { TempFolder } from '../support/temp-folder.ts'

const readFrom =
  (archive: Buffer): ReadBytes =>
  async (start, end) =>
    archive.subarray(start, end)

test('listZip() and readZipEntry() give back what writeZip() was given', async () => {
  const files = fc.array(
    fc.record({ name: fc.string({ minLength: 1, unit: 'grapheme' }), text: fc.string({ unit: 'grapheme' }) }),
  )
  await fc.assert(
    fc.asyncProperty(files, async (wanted) => {
      const archive = writeZip(wanted)
      const read = readFrom(archive)
      const entries = await listZip(read, archive.length)
      const found = []
      for (const entry of entries) found.push({ name: entry.name, text: (await readZipEntry(read, entry)).toString() })
      assert.deepEqual(
        found,
        wanted.map((file) => ({ ...file })),
      )
    }),
  )
})

test('readZipEntry() never takes a damaged file for the right one', async () => {
  const text = 'some text, some text, some text'
  const archive = writeZip([{ name: 'a.txt', text }])
  const [entry] = await listZip(readFrom(archive), archive.length)
  let refused = 0
  for (let at = 35; at < 35 + entry!.packedBytes; at += 1) {
    const damaged = Buffer.from(archive)
    damaged[at] = damaged[at]! ^ 0x10
    // A bit after the end of the packed text changes nothing.
    const read = await readZipEntry(readFrom(damaged), entry!).catch(() => void (refused += 1))
    if (read) assert.equal(read.toString(), text)
  }
  assert.ok(refused > 0)
})

test('listZip() refuses what is no archive', async () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('no archive'.repeat(20))]) {
    await assert.rejects(listZip(readFrom(bytes), bytes.length), /no zip file/)
  }
})

const hasPython = spawnSync('python3', ['-c', 'import zipfile']).status === 0

test("other programs' archives are read, and ours by them", { skip: !hasPython && 'there is no python3' }, async () => {
  const folder = new TempFolder()
  try {
    const theirs = join(folder.path, 'theirs.zip')
    const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    z.writestr('deflated.txt', 'abc' * 1000, zipfile.ZIP_DEFLATED)
    z.writestr('stored.txt', 'plain', zipfile.ZIP_STORED)
    z.comment = b'a comment'`
    assert.equal(spawnSync('python3', ['-c', script, theirs]).status, 0)
    const archive = readFileSync(theirs)
    const entries = await listZip(readFrom(archive), archive.length)
    const texts = []
    for (const entry of entries) texts.push((await readZipEntry(readFrom(archive), entry)).toString())
    assert.deepEqual(texts, ['abc'.repeat(1000), 'plain'])
    const ours = join(folder.path, 'ours.zip')
    writeFileSync(ours, writeZip([{ name: 'ä.txt', text: 'ü'.repeat(500) }]))
    const checked = spawnSync('python3', ['-m', 'zipfile', '-t', ours], { encoding: 'utf8' })
    assert.deepEqual([checked.status, checked.stderr], [0, ''])
  } finally {
    folder.remove()
  }
})
