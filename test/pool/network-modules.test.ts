import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EisenmpError, type PoolOptions, createPool } from '../../src/index.ts'
import { ModuleServer, pinOf } from '../support/module-server.ts'
import { TempFolder } from '../support/temp-folder.ts'

const server = new ModuleServer()
const folder = new TempFolder()
let started = 0
const count = (): void => void (started += 1)
before(async () => {
  subscribe('eisenmp:worker:started', count)
  await server.open()
})
after(async () => {
  unsubscribe('eisenmp:worker:started', count)
  await server.close()
  folder.remove()
})

const text = 'export const double = (n) => 2 * n'
const countRequests = (path: string): number => server.requests.filter((request) => request === path).length

async function refuse(options: PoolOptions): Promise<EisenmpError> {
  const error: unknown = await createPool(options).then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error, 'ERR_EISENMP_MODULE'), String(error))
  return error
}

for (const backend of ['threads', 'processes', 'inline'] as const) {
  describe(`a module from the network, ${backend}`, () => {
    /** Modules that inline has loaded stay loaded, so each backend has its own. */
    const put = (name: string, body: string): string => server.put(`/${backend}/${name}`, body)

    it('runs when its integrity is right, and is fetched once for all workers', async () => {
      const url = put('right.js', text)
      const pool = await createPool({ modules: { url, integrity: pinOf(text) }, backend, workers: 2 })
      assert.deepEqual(await pool.map('double', [1, 2, 3]).toArray(), [2, 4, 6])
      await pool.close()
      assert.equal(countRequests(`/${backend}/right.js`), 1)
    })

    it('is refused before any worker starts when its integrity is wrong or missing', async () => {
      const url = put('wrong.js', `${text}\n`)
      const startedBefore = started
      const { message } = await refuse({ modules: { url, integrity: pinOf(text) }, backend })
      assert.ok(message.includes(`expected to be ${pinOf(text)}, found was ${pinOf(`${text}\n`)}`), message)
      assert.equal(countRequests(`/${backend}/wrong.js`), 1)
      for (const modules of [url, new URL(url), { url }])
        assert.match((await refuse({ modules, backend })).message, /a module from the network needs its integrity/)
      assert.match(
        (await refuse({ modules: { url, integrity: pinOf(text, 'md5') }, backend })).message,
        /its integrity is "md5/,
      )
      assert.equal(countRequests(`/${backend}/wrong.js`), 1)
      assert.equal(started, startedBefore)
    })

    it('brings its pinned graph, TypeScript too, as main module and as mate', async () => {
      const files = {
        'main.ts':
          "import { seen } from './shared.ts'; export const read = (item: number): number[] => [item, ...seen]",
        'mate.ts':
          "import { seen } from './shared.ts'; export function start(toolbox: { worker: { index: number } }): void { seen.push(toolbox.worker.index) }",
        'shared.ts': 'export const seen: number[] = []',
      }
      const [main, mate, shared] = Object.entries(files).map(([name, body]) => ({
        url: put(name, body),
        pin: pinOf(body),
      }))
      const pool = await createPool({
        modules: [
          { url: main!.url, integrity: { './main.ts': main!.pin, './shared.ts': shared!.pin } },
          { url: mate!.url, export: 'start', integrity: { [mate!.url]: mate!.pin, [shared!.url]: shared!.pin } },
        ],
        backend,
        workers: 1,
      })
      assert.deepEqual(await pool.run('read', 7), [7, 0])
      await pool.close()
    })

    it('cannot import what is not pinned, neither at once nor later', async () => {
      const still = "import './other.js'; export const work = () => 1"
      const says = (await refuse({ modules: { url: put('still.js', still), integrity: pinOf(still) }, backend }))
        .message
      assert.match(
        says,
        /Cannot import '\.\/other\.js' \(http:.*\/other\.js\) from http:.*still\.js: it has no integrity/,
      )
      const later = 'export const work = (specifier) => import(specifier)'
      const modules = { url: put('later.js', later), integrity: pinOf(later) }
      const pool = await createPool({ modules, backend, workers: 1 })
      for (const specifier of ['./other.js', 'fast-check', import.meta.url, 'data:text/javascript,'])
        await assert.rejects(pool.run('work', specifier), /it has no integrity there/)
      await pool.close()
      assert.equal(countRequests(`/${backend}/other.js`), 0)
    })

    if (backend === 'inline') return

    it('is the same in the worker that takes the place of a dead one, whatever the server has by then', async () => {
      const body = 'export const work = (kill) => kill ? process.exit(1) : import.meta.url'
      const url = put('again.js', body)
      const modules = { url, integrity: pinOf(body) }
      const pool = await createPool({ modules, backend, workers: 1, retries: { crash: 1 } })
      put('again.js', 'export const work = () => "evil"')
      await assert.rejects(pool.run('work', true), { code: 'ERR_EISENMP_CRASH' })
      assert.equal(await pool.run('work', false), url)
      await pool.close()
      assert.equal(countRequests(`/${backend}/again.js`), 1)
    })

    it('runs the bytes that were checked, whatever becomes of the cache, which is not believed afterwards', async () => {
      const body = 'export const work = (kill) => kill ? process.exit(1) : "good"'
      const url = put('cached.js', body)
      const cache = join(folder.path, `cache-${backend}`)
      const modules = { url, integrity: pinOf(body), cache }
      const pool = await createPool({ modules, backend, workers: 1, retries: { crash: 1 } })
      const [name] = readdirSync(cache)
      writeFileSync(join(cache, name!), 'export const work = () => "evil"')
      await assert.rejects(pool.run('work', true), { code: 'ERR_EISENMP_CRASH' })
      assert.equal(await pool.run('work', false), 'good')
      await pool.close()
      const other = await createPool({ modules, backend, workers: 1 })
      assert.equal(await other.run('work', false), 'good')
      await other.close()
      assert.equal(countRequests(`/${backend}/cached.js`), 2)
      // What was spoilt is replaced; now nobody is asked.
      await (await createPool({ modules, backend, workers: 1 })).close()
      assert.equal(countRequests(`/${backend}/cached.js`), 2)
    })

    it('runs under the permission model, that grants it nothing', async () => {
      const body =
        "import { readFileSync } from 'node:fs'; export const work = (path) => { try { return readFileSync(path, 'utf8') } catch (error) { return error.code } }"
      const modules = { url: put('denied.js', body), integrity: pinOf(body) }
      const pool = await createPool({ modules, backend, workers: 1, permissions: {} })
      assert.equal(await pool.run('work', '/etc/passwd'), 'ERR_ACCESS_DENIED')
      await pool.close()
    })
  })
}

describe('modules from the network', () => {
  it('have one version in the program that runs them inline', async () => {
    const url = server.put('/versions.js', text)
    const pool = await createPool({ modules: { url, integrity: pinOf(text) }, backend: 'inline' })
    await pool.close()
    server.put('/versions.js', `${text};`)
    const modules = { url, integrity: pinOf(`${text};`) }
    assert.match(
      (await refuse({ modules, backend: 'inline' })).message,
      /has already loaded .*use backend 'threads' or/,
    )
    const other = await createPool({ modules, workers: 1 })
    assert.equal(await other.run('double', 4), 8)
    await other.close()
  })

  it('end with the signal of the pool', async () => {
    const stop = new AbortController()
    const url = server.put('/silent.js', () => stop.abort(new RangeError('enough')))
    const options = { modules: { url, integrity: pinOf(text) }, signal: stop.signal }
    await assert.rejects(createPool(options), { name: 'RangeError', message: 'enough' })
  })
})
