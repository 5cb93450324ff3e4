import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { bundle } from '../../scripts/bundle.ts'

describe('bundle()', () => {
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'eisenmp-bundle-'))
    write('package.json', '{ "type": "module" }')
    write('backends/embedded-entries.js', 'export const embeddedEntries = {}\n')
    write('index.js', "export * from './backends/embedded-entries.js'\n")
    write('mates/watchdog.js', "import { answer } from '../internal/answer.js'\nexport default () => answer\n")
    write('internal/answer.js', 'export const answer = 42\n')
    write('backends/entries/process.js', "import { answer } from '../../internal/answer.js'\nprocess.send?.(answer)\n")
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }

  it('makes of the library and of each entry one module that needs no other file', async () => {
    const entry = `import { parentPort } from 'node:worker_threads'
      const late = await import('../../internal/answer.js')
      parentPort.postMessage(late.answer)`
    write('backends/entries/thread.js', entry)
    await bundle(folder)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
    assert.deepEqual(files.toSorted(), ['entries/process.js', 'entries/thread.js', 'index.js', 'mates/watchdog.js'])
    const url = pathToFileURL(join(folder, 'index.js')).href
    const { embeddedEntries } = (await import(url)) as { embeddedEntries: { thread: string; process: string } }
    assert.ok(!embeddedEntries.process.includes(folder))
    const text = `data:text/javascript,${encodeURIComponent(embeddedEntries.thread)}`
    for (const start of [new URL(text), pathToFileURL(join(folder, 'entries/thread.js'))]) {
      assert.deepEqual(await once(new Worker(start), 'message'), [42])
    }
  })

  it('refuses an entry that is missing', async () => {
    await assert.rejects(bundle(folder), /thread/)
  })

  it('refuses an entry that imports what is not there', async () => {
    write('backends/entries/thread.js', "import './nowhere.js'\n")
    await assert.rejects(bundle(folder), /nowhere/)
  })
})
