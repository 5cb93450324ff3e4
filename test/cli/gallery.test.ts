import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { assertInstalled, describe, openGallery } from '../../src/cli/gallery.ts'
import { MissingError } from '../../src/cli/usage.ts'
import { TempFolder } from '../support/temp-folder.ts'

test('openGallery() knows each example once, in one short line, and where its file is', () => {
  const { examples, locate } = openGallery()
  const names = examples.map(({ name }) => name)
  assert.deepEqual(names, [...new Set(names)])
  for (const { name, shows, options } of examples) {
    assert.match(shows, /^[a-z].{9,69}[^.]$/, name)
    assert.ok(existsSync(locate(name)), name)
    for (const option of options) assert.ok(['workers', 'quick', 'letters', 'station'].includes(option), option)
  }
})

test('assertInstalled() names the packages that are missing, as a command', () => {
  const folder = new TempFolder()
  try {
    folder.write('node_modules/there/package.json', '{}')
    const file = pathToFileURL(join(folder.path, 'node_modules/eisenmp/dist/examples/x.js'))
    const example = { name: 'x', shows: '', options: [] }
    assertInstalled(example, file)
    assertInstalled({ ...example, needs: ['there'] }, file)
    assert.equal(describe({ ...example, shows: 'a table', needs: ['there'] }, file), 'a table')
    assert.equal(describe({ ...example, shows: 'a table', needs: ['nowhere-a'] }, file), '(needs nowhere-a) a table')
    assert.throws(
      () => assertInstalled({ ...example, needs: ['there', 'nowhere-a', 'nowhere-b'] }, file),
      (error) =>
        error instanceof MissingError &&
        error.exitCode === 1 &&
        /Cannot run x: .*npm install nowhere-a nowhere-b$/.test(error.message),
    )
  } finally {
    folder.remove()
  }
})
