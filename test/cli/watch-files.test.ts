import assert from 'node:assert/strict'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { FileWatch } from '../../src/cli/watch-files.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const temp = new TempFolder()
after(() => temp.remove())

/** Watches a folder of its own while the test runs. */
async function watching(
  name: string,
  run: (folder: string, changes: string[]) => Promise<void>,
  prepare: (folder: string) => void = () => {},
): Promise<void> {
  const folder = join(temp.path, name)
  mkdirSync(folder)
  prepare(folder)
  const changes: string[] = []
  const watch = new FileWatch(folder, (file) => changes.push(file))
  try {
    await run(folder, changes)
  } finally {
    watch.close()
  }
}

describe('watching files', () => {
  test('tells of a change, once for those that come together', () =>
    watching('plain', async (folder, changes) => {
      for (const name of ['a.ts', 'b.json', 'c.mjs']) writeFileSync(join(folder, name), '1')
      await waitUntil(() => changes.length > 0, 'the change')
      assert.deepEqual(changes, [join(folder, 'c.mjs')])
    }))

  test('tells of a file that an editor has put in the place of the old one', () =>
    watching('renamed', async (folder, changes) => {
      writeFileSync(join(folder, 'draft~'), '1')
      renameSync(join(folder, 'draft~'), join(folder, 'a.ts'))
      await waitUntil(() => changes.length > 0, 'the change')
    }))

  test('looks into folders, new ones too, but not into node_modules and hidden ones', () =>
    watching(
      'deep',
      async (folder, changes) => {
        for (const name of ['node_modules', '.git']) writeFileSync(join(folder, name, 'a.ts'), '1')
        writeFileSync(join(folder, 'lib', 'b.ts'), '1')
        await waitUntil(() => changes.length > 0, 'the change in an old folder')
        assert.deepEqual(changes, [join(folder, 'lib', 'b.ts')])
        mkdirSync(join(folder, 'new'))
        await waitUntil(() => {
          writeFileSync(join(folder, 'new', 'c.ts'), String(performance.now()))
          return changes.length > 1 && changes.at(-1)!.endsWith('c.ts')
        }, 'the change in a new folder')
      },
      (folder) => ['lib', 'node_modules', '.git'].forEach((name) => mkdirSync(join(folder, name))),
    ))

  test('does not care for what is no code', () =>
    watching('data', async (folder, changes) => {
      writeFileSync(join(folder, 'shop.sqlite'), '1')
      writeFileSync(join(folder, 'shop.sqlite-wal'), '1')
      writeFileSync(join(folder, 'a.ts'), '1')
      await waitUntil(() => changes.length > 0, 'the change')
      assert.deepEqual(changes, [join(folder, 'a.ts')])
    }))
})
