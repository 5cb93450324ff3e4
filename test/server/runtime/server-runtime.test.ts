import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, describe, it } from 'node:test'
import { decodeError } from '../../../src/protocol/wire-error.ts'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startAny, startFetch, startServer } from '../../support/runtime-place.ts'
import { waitUntil } from '../../support/wait-until.ts'

afterEach(endAll)

const hello = () => createServer((_, response) => response.end('hello'))

describe('a worker of servers', () => {
  it('loads its module, listens, answers, and ends when it is told to', async () => {
    const place = await startServer(hello)
    assert.equal(await (await fetch(place.url)).text(), 'hello')
    assert.equal((await place.drain()).cutRequests, 0)
    assert.equal(place.exitCode, 0)
    await assert.rejects(fetch(place.url))
  })

  it('serves a fetch handler', async () => {
    const place = await startFetch((request) => new Response(new URL(request.url).pathname))
    assert.equal(await (await fetch(`${place.url}/shop`)).text(), '/shop')
  })

  it('makes one server for each port', async () => {
    const servers = [0, 1, 2].map((index) => ({ index, address: '127.0.0.1', port: 0, how: 'reuse' as const }))
    const place = await startServer(({ index }) => createServer((_, response) => response.end(`${index}`)), { servers })
    const { ports } = await place.wait('ready')
    assert.equal(new Set(ports).size, 3)
    const texts = await Promise.all(ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}`)).text()))
    assert.deepEqual(texts, ['0', '1', '2'])
  })

  it('says why it cannot start, and leaves', async () => {
    const place = await startAny('made.ts', {
      make() {
        throw new TypeError('no database')
      },
    })
    assert.equal(place.exitCode, 1)
    const error = decodeError(place.find('failed')!.error, 'here') as Error
    assert.match(error.message, /createServer\(\) of server module .* threw: TypeError: no database/)
    assert.equal((error.cause as Error).message, 'no database')
  })

  it('refuses the same server for two ports', async () => {
    const one = hello()
    const servers = [0, 1].map((index) => ({ index, address: '127.0.0.1', port: 0, how: 'reuse' as const }))
    const place = await startAny('made.ts', { make: () => one }, { servers })
    assert.match((decodeError(place.find('failed')!.error, '') as Error).message, /the same server for two ports/)
  })

  it('tells when there is nothing to serve, and leaves when told to', async () => {
    const place = await startServer(() => null)
    assert.deepEqual(place.find('ready')!.ports, [])
    assert.ok(place.find('unneeded'))
    await place.drain()
    assert.equal(place.exitCode, 0)
  })

  it('fails when a port is left without a server', async () => {
    const servers = [0, 1].map((index) => ({ index, address: '127.0.0.1', port: 0, how: 'reuse' as const }))
    const make = ({ index }: { readonly index: number }) => (index === 0 ? hello() : null)
    const place = await startAny('made.ts', { make }, { servers })
    assert.match((decodeError(place.find('failed')!.error, '') as Error).message, /made 1 of 2 servers/)
  })

  it('fails when its port is taken', async () => {
    const first = createServer().listen(0, '127.0.0.1')
    await once(first, 'listening')
    const { port } = first.address() as { readonly port: number }
    const servers = [{ index: 0, address: '127.0.0.1', port, how: 'reuse' as const }]
    const place = await startAny('made.ts', { make: hello }, { servers })
    first.close()
    assert.match((decodeError(place.find('failed')!.error, '') as Error).message, /EADDRINUSE/)
  })

  it('tells of itself with every beat', async () => {
    const place = await startServer(hello, { beatMs: 20, healthPath: '/health' })
    const client = await RawClient.open(place.port)
    client.get('/')
    await client.waitFor('hello')
    const last = () => place.sent.findLast((message) => message.kind === 'beat')?.beat
    await waitUntil(() => last()?.requests === 1, 'the request is counted')
    const beat = last()!
    assert.equal(beat.connections, 1)
    assert.equal(beat.active, 0)
    assert.equal(beat.health?.status, 200)
    assert.ok(beat.heapMb > 1 && beat.rssMb > 1 && beat.heapShare > 0 && beat.heapShare < 1)
    assert.ok(beat.lagMs >= 0 && beat.utilization >= 0 && beat.utilization <= 1)
  })

  it('is not ready before its health path answers below 500', async () => {
    let status = 503
    const make = () => createServer((_, response) => response.writeHead(status).end())
    const starting = startServer(make, { healthPath: '/health' })
    const place = await startServer(make, {})
    assert.ok(place.find('ready'))
    status = 404
    const late = await starting
    assert.match(late.log, /warn not ready: \/health answers 503/)
  })

  it('drains before it is ready by ending at once', async () => {
    const starting = startAny(
      'made.ts',
      { make: () => createServer((_, response) => response.writeHead(503).end()) },
      { healthPath: '/' },
    )
    await new Promise((resolve) => setImmediate(resolve))
    void starting
    await endAll()
  })
})

describe('an uncaught error', () => {
  it('is told, and lets requests in flight end', async () => {
    const gate = Promise.withResolvers<void>()
    let asked = 0
    const make = () =>
      createServer((_, response) => {
        asked += 1
        void gate.promise.then(() => response.end('late'))
      })
    const place = await startServer(make)
    const client = await RawClient.open(place.port)
    client.get('/')
    await waitUntil(() => asked === 1, 'the request has come')
    place.runtime.crash(new Error('oops'))
    assert.equal((decodeError(place.find('failing')!.error, '') as Error).message, 'oops')
    gate.resolve()
    await client.waitFor('late')
    assert.match(client.text, /connection: close/i)
    await waitUntil(() => place.exitCode !== undefined, 'the end')
    assert.equal(place.exitCode, 1)
    assert.equal(place.find('drained')?.cutRequests, 0)
  })

  it('ends at once when there is another one', async () => {
    const place = await startServer(() => createServer(() => {}))
    const client = await RawClient.open(place.port)
    client.get('/')
    place.runtime.crash(new Error('one'))
    place.runtime.crash(new Error('two'))
    assert.equal(place.exitCode, 1)
    assert.equal(place.find('drained'), undefined)
    client.socket.destroy()
  })
})
