import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { EisenmpError } from '../../src/errors.ts'
import { MAX_MODULES, checkNetworkGraph, isNetworkUrl, listAllowed } from '../../src/loader/network-reference.ts'
import { pinOf } from '../support/module-server.ts'

const entry = 'https://example.org/lib/main.js'
const [one, two] = [pinOf('one'), pinOf('two', 'sha256')] as [string, string]

function refuse(url: string, options: Record<string, unknown>): string {
  try {
    checkNetworkGraph(new URL(url), options)
  } catch (error) {
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_MODULE'), String(error))
    return error.message
  }
  return assert.fail('it was taken')
}

describe('checkNetworkGraph()', () => {
  it('takes one hash for a module alone', () => {
    const graph = checkNetworkGraph(new URL(entry), { integrity: one })
    assert.deepEqual(graph, { url: entry, pins: new Map([[entry, one]]), privateHosts: [] })
  })

  it('takes a hash for each module of a graph, by whole and by relative address', () => {
    const other = 'https://other.example/x.js?v=2'
    const integrity = { './main.js': one, '../up.js': two, [other]: one, '/top.js': two }
    const { pins } = checkNetworkGraph(new URL(entry), { integrity })
    assert.deepEqual(Object.fromEntries(pins), {
      [entry]: one,
      'https://example.org/up.js': two,
      [other]: one,
      'https://example.org/top.js': two,
    })
  })

  it('leaves the fragment out, and the given URL alone', () => {
    const given = new URL(`${entry}#part`)
    assert.equal(checkNetworkGraph(given, { integrity: one }).url, entry)
    assert.equal(given.hash, '#part')
  })

  it('takes http: on this machine', () => {
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:3000'])
      assert.ok(checkNetworkGraph(new URL(`http://${host}/x.js`), { integrity: one }))
  })

  it('takes the folder of a cache as path or URL', () => {
    const cache = join(process.cwd(), 'cache')
    for (const given of ['cache', cache, pathToFileURL(cache)])
      assert.equal(checkNetworkGraph(new URL(entry), { integrity: one, cache: given }).cache, cache)
  })

  const many = Object.fromEntries(Array.from({ length: MAX_MODULES }, (_, i) => [`./${i}.js`, one]))
  const faults: readonly (readonly [name: string, url: string, options: Record<string, unknown>, says: RegExp])[] = [
    ['no integrity', entry, {}, /needs its integrity; give { url, integrity: 'sha384-…' }; for the hash of a/],
    [
      'md5',
      entry,
      { integrity: pinOf('one', 'md5') },
      /its integrity is "md5-.*"; one hash is needed, sha256, sha384 or/,
    ],
    ['an integrity that is none', entry, { integrity: 'yes' }, /its integrity is "yes"; one hash is needed/],
    ['an empty integrity', entry, { integrity: '' }, /its integrity is ""; one hash/],
    ['a number as integrity', entry, { integrity: 5 }, /its integrity is 5; one hash/],
    ['a list as integrity', entry, { integrity: [one] }, /its integrity is an array of 1; one hash/],
    [
      'a bad hash in a graph',
      entry,
      { integrity: { [entry]: one, './x.js': 'sha384-x' } },
      /lib\/x\.js: its integrity is/,
    ],
    [
      'a graph without its entry',
      entry,
      { integrity: { './x.js': one } },
      /does not name the module itself; add 'https:/,
    ],
    [
      'a package in a graph',
      entry,
      { integrity: { [entry]: one, lodash: two } },
      /names 'lodash'; name modules by https:/,
    ],
    ['a file in a graph', entry, { integrity: { [entry]: one, 'file:///x.js': two } }, /names 'file:\/\/\/x\.js'/],
    ['an address twice', entry, { integrity: { [entry]: one, './main.js': one } }, /names https:.*main\.js twice/],
    [
      'http: in a graph',
      entry,
      { integrity: { [entry]: one, 'http://a.b/x.js': two } },
      /'http:' is for this machine only/,
    ],
    ['too large a graph', entry, { integrity: { [entry]: one, ...many } }, /names 501 modules; 500 are allowed/],
    [
      'http: elsewhere',
      'http://example.org/x.js',
      { integrity: one },
      /'http:' is for this machine only; give an https:/,
    ],
    ['http: on a private address', 'http://10.0.0.1/x.js', { integrity: one }, /'http:' is for this machine only/],
    ['http: on any address', 'http://0.0.0.0/x.js', { integrity: one }, /'http:' is for this machine only/],
    [
      'no array of hosts',
      entry,
      { integrity: one, privateHosts: 'x' },
      /its privateHosts are "x"; give an array of host/,
    ],
    [
      'no folder for the cache',
      entry,
      { integrity: one, cache: true },
      /its cache is true; give the path or file: URL/,
    ],
    ['a web address for the cache', entry, { integrity: one, cache: new URL(entry) }, /its cache is an object; give/],
  ]
  for (const [name, url, options, says] of faults) it(`refuses ${name}`, () => assert.match(refuse(url, options), says))

  it('shows no password', () => {
    const text = refuse('https://me:secret@example.org/x.js', { integrity: one })
    assert.match(
      text,
      /^Cannot load worker module https:\/\/example\.org\/x\.js: its address has a name or password in it/,
    )
  })
})

describe('listAllowed()', () => {
  it('tells which addresses may be asked', () => {
    const privateHosts = ['modules.lan']
    assert.deepEqual(listAllowed(new URL('http://localhost/x.js'), { privateHosts }), ['loopback'])
    assert.deepEqual(listAllowed(new URL('https://example.org/x.js'), { privateHosts }), ['public'])
    const allowed = listAllowed(new URL('https://modules.lan:8443/x.js'), { privateHosts })
    assert.deepEqual(allowed, ['public', 'private', 'loopback'])
    assert.deepEqual(listAllowed(new URL('https://[FD00::1]/x.js'), { privateHosts: ['fd00::1'] }), allowed)
    assert.deepEqual(listAllowed(new URL('https://lan.example/x.js'), { privateHosts: ['LAN.example'] }), allowed)
  })
})

describe('isNetworkUrl()', () => {
  it('is true for https: and http:', () => {
    const urls = ['https://a.b/', 'http://a.b/', 'file:///x', 'data:,x', 'ftp://a.b/']
    assert.deepEqual(
      urls.map((url) => isNetworkUrl(new URL(url))),
      [true, true, false, false, false],
    )
  })
})
