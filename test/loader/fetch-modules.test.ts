import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { type GetOptions, fetchModules } from '../../src/loader/fetch-modules.ts'
import { resolveModules } from '../../src/loader/module-reference.ts'
import { ModuleServer, pinOf } from '../support/module-server.ts'
import { TempFolder } from '../support/temp-folder.ts'

const server = new ModuleServer()
const folder = new TempFolder()
before(() => server.open())
after(async () => {
  await server.close()
  folder.remove()
})

const get = async (
  modules: unknown,
  options?: GetOptions,
  signal?: AbortSignal,
): Promise<Awaited<ReturnType<typeof fetchModules>>> => fetchModules(resolveModules(modules), signal, options)

async function refuse(modules: unknown, options?: GetOptions): Promise<string> {
  const error: unknown = await get(modules, options).then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error, 'ERR_EISENMP_MODULE'), String(error))
  return error.message
}

const text = 'export const work = () => 1'

describe('fetchModules()', () => {
  it('leaves other modules as they are, and asks nobody', async () => {
    const requests = server.requests.length
    const path = folder.write('local.js', text)
    const [module, ...others] = await get([path, 'node:path'])
    assert.deepEqual([module?.sources, others], [undefined, [{ url: 'node:path', export: 'default' }]])
    assert.equal(server.requests.length, requests)
  })

  it('gives each module its whole graph, and fetches what two have in common once', async () => {
    const [shared, main, mate] = ['shared', 'main', 'mate'].map((name) => ({
      url: server.put(`/graph/${name}.js`, name),
      pin: pinOf(name),
    })) as [{ url: string; pin: string }, { url: string; pin: string }, { url: string; pin: string }]
    const modules = await get([
      { url: main.url, integrity: { './main.js': main.pin, './shared.js': shared.pin } },
      { url: mate.url, export: 'start', integrity: { [mate.url]: mate.pin, [shared.url]: shared.pin } },
    ])
    assert.deepEqual(
      modules.map(({ url, export: name, sources }) => [url, name, sources!.map((source) => source.url)]),
      [
        [main.url, 'default', [main.url, shared.url]],
        [mate.url, 'start', [mate.url, shared.url]],
      ],
    )
    assert.deepEqual(new TextDecoder().decode(modules[0]!.sources![1]!.bytes), 'shared')
    assert.equal(server.requests.filter((path) => path === '/graph/shared.js').length, 1)
  })

  it('refuses two integrities for one address', async () => {
    const url = server.put('/twice.js', text)
    const modules = [
      { url, integrity: pinOf(text) },
      { url, integrity: pinOf(text, 'sha256') },
    ]
    assert.match(await refuse(modules), /two of the modules have another integrity for it/)
  })

  const bytes = new TextEncoder().encode(text)
  const tampered: readonly (readonly [name: string, served: Uint8Array])[] = [
    ['other bytes', new TextEncoder().encode('export const work = () => 2')],
    ['a truncated one', bytes.subarray(0, -1)],
    ['trailing bytes', new Uint8Array([...bytes, 10])],
    ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...bytes])],
    ['nothing', new Uint8Array(0)],
  ]
  for (const [name, served] of tampered) {
    it(`refuses ${name}, with the hash that it found`, async () => {
      const url = server.put('/tampered.js', served)
      const [expected, found] = [pinOf(text), pinOf(served)]
      assert.equal(
        await refuse({ url, integrity: expected }),
        `Cannot load worker module ${url}: its integrity is expected to be ${expected}, found was ${found} (of ` +
          `${served.length} bytes); it is not run; if the change is right, read the module and give its new hash`,
      )
    })
  }

  it('refuses other bytes when they come the second time', async () => {
    let asked = 0
    const url = server.put('/changing.js', (_, response) => response.end((asked += 1) === 1 ? text : 'other'))
    assert.equal((await get({ url, integrity: pinOf(text) })).length, 1)
    assert.match(await refuse({ url, integrity: pinOf(text) }), /found was sha384-/)
  })

  it('names the module of a graph that is at fault, and stops the others', async () => {
    const url = server.put('/entry.js', text)
    server.put('/silent.js', () => {})
    const integrity = { [url]: pinOf(text), './silent.js': pinOf('x'), './gone.js': pinOf('y') }
    assert.match(await refuse({ url, integrity }), /gone\.js: the server answered with status 404/)
  })

  it('says what was wrong with the answer, and how to mend it', async () => {
    const url = server.put('/moved.js', (_, response) => response.writeHead(301, { location: '/new.js' }).end())
    const says =
      /moved\.js: it is redirected to "\/new\.js"; redirects are not followed; give the address where it really/
    assert.match(await refuse({ url, integrity: pinOf(text) }), says)
  })

  it('limits the bytes of all together', async () => {
    const urls = [1, 2, 3].map((n) => server.put(`/part-${n}.js`, text))
    const modules = urls.map((url) => ({ url, integrity: pinOf(text) }))
    const maxTotalBytes = 2 * text.length
    assert.match(
      await refuse(modules, { maxTotalBytes }),
      new RegExp(`all modules have more than ${maxTotalBytes} bytes`),
    )
  })

  it('rejects with the reason of its signal', async () => {
    const stop = new AbortController()
    const url = server.put('/waits.js', () => stop.abort(new RangeError('enough')))
    await assert.rejects(get({ url, integrity: pinOf(text) }, {}, stop.signal), {
      name: 'RangeError',
      message: 'enough',
    })
  })

  it('asks a host of its own network when it is named', async () => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: '127.0.0.1', family: 4 }]
    const url = `https://modules.test:${server.port}/x.js`
    const integrity = pinOf(text)
    assert.match(await refuse({ url, integrity }, { resolve }), /leads to 127\.0\.0\.1, a loopback address/)
    // It is asked, and speaks no TLS.
    const says = await refuse({ url, integrity, privateHosts: ['modules.test'] }, { resolve })
    assert.match(says, /SSL|EPROTO|disconnected/)
  })

  describe('with a cache', () => {
    it('asks once, and then nobody, under any address', async () => {
      const cache = join(folder.path, 'cache')
      const url = server.put('/kept.js', text)
      const other = server.put('/kept-elsewhere.js', text)
      for (const address of [url, url, other]) {
        const [module] = await get({ url: address, integrity: pinOf(text), cache })
        assert.deepEqual(module?.sources?.[0]?.bytes, bytes)
      }
      assert.deepEqual(
        server.requests.filter((path) => path.startsWith('/kept')),
        ['/kept.js'],
      )
    })

    it('keeps nothing that was refused', async () => {
      const cache = join(folder.path, 'cache-2')
      const url = server.put('/refused.js', 'other')
      assert.match(await refuse({ url, integrity: pinOf(text), cache }), /found was/)
      server.put('/refused.js', text)
      assert.equal((await get({ url, integrity: pinOf(text), cache })).length, 1)
    })
  })
})
