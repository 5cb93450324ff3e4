import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { EisenmpError } from '../../src/errors.ts'
import { resolveModules } from '../../src/loader/module-reference.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
const path = folder.write('tasks.worker.ts', 'export const work = () => 1')
const { href } = pathToFileURL(path)
folder.write('pack/index.js', '')
after(() => folder.remove())

function refuse(modules: unknown): string {
  try {
    resolveModules(modules)
  } catch (error) {
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_MODULE'), String(error))
    return error.message
  }
  return assert.fail('it was taken')
}

describe('resolveModules()', () => {
  const local = `./${relative(process.cwd(), path)}`
  const forms: readonly (readonly [name: string, reference: unknown, url: string])[] = [
    ['a URL', new URL(href), href],
    ['a URL as text', href, href],
    ['a URL with a query', new URL(`${href}?v=2`), `${href}?v=2`],
    ['an absolute path', path, href],
    ['a relative path', local, href],
    ['a package', 'fast-check', import.meta.resolve('fast-check')],
    [
      'a data: URL',
      'data:text/javascript,export const work = () => 1',
      'data:text/javascript,export const work = () => 1',
    ],
    ['a module of Node', 'node:path', 'node:path'],
    ['an object with a URL', { url: new URL(href) }, href],
    ['an object with a path', { url: local }, href],
    [
      'a factory',
      () => new (globalThis as unknown as { Worker: new (url: URL) => unknown }).Worker(new URL(href)),
      href,
    ],
  ]
  for (const [name, reference, url] of forms) {
    it(`takes ${name}`, () => assert.deepEqual(resolveModules(reference), [{ url, export: 'default' }]))
  }

  it('takes a list, main module first, each with its export', () => {
    assert.deepEqual(resolveModules([path, { url: href, export: 'start' }, new URL(href)]), [
      { url: href, export: 'default' },
      { url: href, export: 'start' },
      { url: href, export: 'default' },
    ])
  })

  it('takes a module from the network, and does not ask for it', () => {
    const integrity = `sha256-${'A'.repeat(43)}=`
    const url = 'https://example.org/w.js'
    const graph = { url, pins: new Map([[url, integrity]]), privateHosts: ['example.org'] }
    const given = { url, export: 'start', integrity, privateHosts: ['example.org'] }
    assert.deepEqual(resolveModules(given), [{ url, export: 'start', graph }])
  })

  it('names the nearest file for a missing one', () => {
    const text = refuse(path.replace('worker', 'workr'))
    assert.ok(text.includes(`there is no such file; did you mean '${path}'?`), text)
    assert.match(refuse(`${folder.path}/nothing-like-it.js`), /there is no such file; check the path/)
    assert.match(refuse(`${folder.path}/nowhere/w.ts`), /there is no folder .*nowhere; check the path$/)
    assert.match(refuse(`${path}/w.ts`), /there is no folder .*tasks\.worker\.ts; check the path$/)
  })

  it('refuses a folder and names the file in it', () => {
    assert.match(refuse(`${folder.path}/pack`), /this is a folder; name a file in it: '.*pack\/index\.js'$/)
    assert.match(refuse(folder.path), /this is a folder; name a file in it$/)
  })

  it('says how to write a path that reads like a package', () => {
    assert.match(
      refuse(relative(process.cwd(), `${import.meta.dirname}/module-reference.test.ts`)),
      /for the file write '\.\/test\//,
    )
    assert.match(refuse('no-such-package-anywhere'), /no such package is installed; install it, or write a path/)
  })

  const bad: readonly (readonly [name: string, modules: unknown, reason: RegExp])[] = [
    ['nothing', undefined, /undefined: this names no module; give new URL/],
    ['an empty text', '', /"": this names no module/],
    ['a number', 5, /5: this names no module/],
    ['an empty list', [], /a pool needs a module; name at least one/],
    ['a list in a list', [[path]], /an array of 1: this names no module/],
    ['an object without a URL', { export: 'start' }, /this names no module/],
    ['an export that is no name', { url: path, export: 5 }, /this names no module/],
    ['an unknown key', { url: path, exprt: 'start' }, /'exprt' is not known here; give url and export/],
    [
      'https: without integrity',
      'https://example.org/w.js',
      /needs its integrity; give { url, integrity: 'sha384-…' }/,
    ],
    ['ftp:', 'ftp://example.org/w.js', /'ftp:' modules cannot be loaded; give a file: URL or a path/],
    [
      'integrity of a file',
      { url: path, integrity: 'sha384-x' },
      /'integrity' is for modules from the network; leave it/,
    ],
    [
      'a cache for a package',
      { url: 'fast-check', cache: 'x' },
      /'cache' is for modules from the network; leave it out/,
    ],
    ['blob:', 'blob:nodedata:1', /'blob:' modules cannot be loaded/],
    ['a text that is no URL', 'https://', /it is no URL/],
    ['a file URL of another machine', new URL('file://other/w.js'), /it is no path/],
    ['a file URL with an encoded slash', new URL('file:///a%2Fb.js'), /it is no path/],
  ]
  for (const [name, modules, reason] of bad) it(`refuses ${name}`, () => assert.match(refuse(modules), reason))
})
