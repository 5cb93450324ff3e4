import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ModuleSource } from '../../src/loader/module-source.ts'
import { serveSources } from '../../src/loader/serve-sources.ts'
import { pinOf } from '../support/module-server.ts'

type Exports = Record<string, unknown>

let count = 0
/** Every test has a host of its own, since a thread keeps what it has loaded. */
function serve(files: Readonly<Record<string, string>>): string {
  const base = `https://${(count += 1)}.test/`
  const toSource = ([path, text]: [string, string]): ModuleSource => {
    return { url: `${base}${path}`, pin: pinOf(text), bytes: new TextEncoder().encode(text) }
  }
  serveSources(Object.entries(files).map(toSource))
  return base
}

const load = async (url: string): Promise<Exports> => (await import(url)) as Exports

describe('serveSources()', () => {
  it('lets modules import one another, by relative and whole address, static and dynamic, and keeps their address', async () => {
    const base = serve({
      'main.js':
        "import { a } from './lib/a.js'; export const b = (await import('./b.js?v=1')).b; export { a }; export const url = import.meta.url",
      'lib/a.js': `export const a = 1`,
      'b.js?v=1': 'export const b = 2',
    })
    const { a, b, url } = await load(`${base}main.js`)
    assert.deepEqual([a, b, url], [1, 2, `${base}main.js`])
  })

  it('knows TypeScript and JSON', async () => {
    const base = serve({
      'main.ts': "import data from './data.json' with { type: 'json' }; export const n: number = data.n",
      'data.json': '{ "n": 5 }',
      'other.mts': 'export const m = 6 as number',
    })
    assert.equal((await load(`${base}main.ts`))['n'], 5)
    assert.equal((await load(`${base}other.mts`))['m'], 6)
  })

  it('lets them import modules of Node', async () => {
    const base = serve({ 'main.js': "import { sep } from 'node:path'; export { sep }" })
    assert.equal(typeof (await load(`${base}main.js`))['sep'], 'string')
  })

  const refused: readonly (readonly [specifier: string, repair: RegExp])[] = [
    [
      './other.js',
      /from https:\/\/\d+\.test\/main\.js: it has no integrity there; add it to the integrity of the worker/,
    ],
    ['./main.js#again', /has no integrity there/],
    ['./main.js?again', /has no integrity there/],
    ['/main2.js', /has no integrity there/],
    ['//main.test/main.js', /has no integrity there/],
    ['https://example.org/x.js', /Cannot import 'https:\/\/example\.org\/x\.js' from/],
    ['http://localhost/x.js', /has no integrity there/],
    ['fast-check', /Cannot import 'fast-check' from/],
    ['fs', /write 'node:fs'/],
    ['node:no-such-module', /has no integrity there/],
    ['#internal', /has no integrity there/],
    [import.meta.url, /has no integrity there/],
    ['data:text/javascript,export const n = 1', /has no integrity there/],
    ['blob:nodedata:x', /has no integrity there/],
  ]
  for (const [specifier, repair] of refused) {
    it(`refuses the import of ${specifier.slice(0, 30)}, static and dynamic`, async () => {
      const base = serve({
        'main.js': `export const go = (specifier) => import(specifier)`,
        'static.js': `import '${specifier}'`,
      })
      const { go } = (await load(`${base}main.js`)) as { go(specifier: string): Promise<unknown> }
      await assert.rejects(go(specifier), repair)
      await assert.rejects(load(`${base}static.js`), /has no integrity there/)
    })
  }

  it('refuses what a module of the graph imports from Node in a text', async () => {
    const base = serve({ 'main.js': `export const go = () => eval("import('fast-check')")` })
    const { go } = (await load(`${base}main.js`)) as { go(): Promise<unknown> }
    await assert.rejects(go(), /has no integrity there/)
  })

  it('leaves all other modules alone', async () => {
    serve({ 'main.js': 'export const n = 1' })
    assert.equal((await load('data:text/javascript,export const n = 7'))['n'], 7)
    assert.equal(typeof (await load('fast-check'))['assert'], 'function')
    await assert.rejects(load('https://example.org/x.js'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' })
  })

  it('has one version of a module in a thread', () => {
    const source = { url: 'https://one.test/x.js', pin: pinOf('one'), bytes: new Uint8Array(0) }
    serveSources([source])
    serveSources([source])
    assert.throws(
      () => serveSources([{ ...source, pin: pinOf('two') }]),
      /this thread has already loaded https:\/\/one/,
    )
  })
})
