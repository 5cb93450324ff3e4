import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ServeOptions, planServers, readServeOptions } from '../../src/server/read-serve-options.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)

describe('readServeOptions()', () => {
  const wrong: [unknown, string, RegExp][] = [
    [undefined, 'ERR_EISENMP_OPTION', /give a plain object/],
    [{}, 'ERR_EISENMP_OPTION', /'module' is missing; name it: module: new URL/],
    [{ module, modul: 1 }, 'ERR_EISENMP_OPTION', /option 'modul'.*did you mean 'module'/],
    [{ module: './no-such.server.ts' }, 'ERR_EISENMP_MODULE', /no-such\.server\.ts/],
    [{ module, command: ['x'] }, 'ERR_EISENMP_OPTION', /'module' and 'command' are both given/],
    [{ command: ['x'], backend: 'threads' }, 'ERR_EISENMP_OPTION', /cannot be a thread/],
    [{ command: [] }, 'ERR_EISENMP_OPTION', /an array of texts/],
    [{ module, workers: 0 }, 'ERR_EISENMP_OPTION', /'workers'/],
    [{ module, config: { open() {} } }, 'ERR_EISENMP_CLONE', /config\.open/],
    [{ module: 'https://example.org/shop.js' }, 'ERR_EISENMP_MODULE', /integrity/],
    [{ module, groups: [{ name: 'red', workers: 2 }], port: 1 }, 'ERR_EISENMP_OPTION', /'port'/],
  ]
  for (const [options, code, message] of wrong) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => readServeOptions(options), { code, message })
    })
  }

  it('leaves out variables that are undefined', () => {
    const { env } = readServeOptions({ module, env: { A: '1', B: undefined } })
    assert.deepEqual(env, { A: '1' })
  })
})

describe('planServers()', () => {
  it('plans without a module, and starts nothing', () => {
    const options: ServeOptions = {
      groups: [
        { name: 'red', workers: [0, 1], ports: { from: 11_000 }, serversPerWorker: 2 },
        { name: 'blue', workers: 1, address: '127.0.0.3', ports: 15_000 },
      ],
    }
    assert.deepEqual(
      planServers(options).map(({ worker, address, port }) => `${worker} ${address}:${port}`),
      [
        'red-0 127.0.0.1:11000',
        'red-0 127.0.0.1:11001',
        'red-1 127.0.0.1:11002',
        'red-1 127.0.0.1:11003',
        'blue-0 127.0.0.3:15000',
      ],
    )
  })
})
