import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { findEntryUrl } from '../../src/backends/entry-url.ts'
import { TempFolder } from '../support/temp-folder.ts'

describe('findEntryUrl()', () => {
  const folder = new TempFolder()
  after(() => folder.remove())

  it('takes the extension of the file that asks', () => {
    for (const extension of ['ts', 'js', 'mjs']) {
      const { href } = pathToFileURL(folder.write(`entries/thread.${extension}`, ''))
      const base = pathToFileURL(folder.write(`threads.${extension}`, '')).href
      assert.equal(findEntryUrl('entries/thread', base)?.href, href)
      assert.equal(findEntryUrl('entries/thread', `${base}?v=1`)?.href, href)
    }
  })

  it('finds nothing where everything is in one file', () => {
    assert.equal(findEntryUrl('entries/nowhere', pathToFileURL(folder.write('bundle.js', '')).href), undefined)
    assert.equal(findEntryUrl('entries/thread', undefined), undefined)
  })
})
