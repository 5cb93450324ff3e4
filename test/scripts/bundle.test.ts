import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { bundle } from '../../scripts/bundle.ts'

interface Library {
  readonly embeddedEntries: { readonly thread: string; readonly process: string }
  readonly state: object
}

describe('bundle()', () => {
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'eisenmp-bundle-'))
    write('package.json', '{ "type": "module" }')
    write('backends/embedded-entries.js', 'export const embeddedEntries = {}\n')
    write('index.js', "export * from './backends/embedded-entries.js'\nexport { state } from './state.js'\n")
    write('server.js', "export { state } from './state.js'\n")
    write('state.js', 'export const state = {}\n')
    for (const name of ['process', 'thread']) write(`server/service-entries/${name}.js`, 'process.send?.(43)\n')
    write('mates/watchdog.js', "import { answer } from '../internal/answer.js'\nexport default () => answer\n")
    write('internal/answer.js', 'export const answer = 42\n')
    write('backends/entries/process.js', "import { answer } from '../../internal/answer.js'\nprocess.send?.(answer)\n")
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }

  it('makes one module of each entry, and of the libraries one each and one in common', async () => {
    const entry = `import { parentPort } from 'node:worker_threads'
      const late = await import('../../internal/answer.js')
      parentPort.postMessage(late.answer)`
    write('backends/entries/thread.js', entry)
    await bundle(folder)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
    assert.deepEqual(files.toSorted(), [
      'common.js',
      'entries/process.js',
      'entries/thread.js',
      'index.js',
      'mates/watchdog.js',
      'server.js',
      'service-entries/process.js',
      'service-entries/thread.js',
    ])
    const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href)
    const { embeddedEntries, state } = (await load('index.js')) as Library
    assert.equal(((await load('server.js')) as Library).state, state)
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
