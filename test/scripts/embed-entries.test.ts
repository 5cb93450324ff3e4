import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { embedEntries } from '../../scripts/embed-entries.ts'

describe('embedEntries()', () => {
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'eisenmp-embed-'))
    write('package.json', '{ "type": "module" }')
    write('backends/embedded-entries.js', 'export const embeddedEntries = {}\n')
    write('internal/answer.js', 'export const answer = 42\n')
    write('backends/entries/process.js', "import { answer } from '../../internal/answer.js'\nprocess.send?.(answer)\n")
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }

  it('makes of each entry one module that needs no other file', async () => {
    const entry = `import { parentPort } from 'node:worker_threads'
      const late = await import('../../internal/answer.js')
      parentPort.postMessage(late.answer)`
    write('backends/entries/thread.js', entry)
    await embedEntries(folder)
    const url = pathToFileURL(join(folder, 'backends/embedded-entries.js')).href
    const { embeddedEntries } = (await import(url)) as { embeddedEntries: { thread: string; process: string } }
    assert.ok(!embeddedEntries.process.includes(folder))
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(embeddedEntries.thread)}`))
    assert.deepEqual(await once(worker, 'message'), [42])
  })

  it('refuses an entry that is missing', async () => {
    await assert.rejects(embedEntries(folder), /thread/)
  })

  it('refuses an entry that imports what is not there', async () => {
    write('backends/entries/thread.js', "import './nowhere.js'\n")
    await assert.rejects(embedEntries(folder), /nowhere/)
  })
})
