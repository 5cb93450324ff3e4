import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, get } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createNetServer } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startServer, succeed } from '../../support/runtime-place.ts'
import { tlsFiles } from '../../support/tls-files.ts'
import { waitUntil, within } from '../../support/wait-until.ts'

afterEach(endAll)

const hello = () => createServer((_, response) => response.end('hello'))
const LONG = { idleGraceMs: 10_000, inFlightMs: 20_000 }

function ask(port: number, agent: Agent): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  const request = get({ port, host: '127.0.0.1', agent }, (response) => {
    response.resume().once('end', () => resolve(response.headers.connection))
  })
  request.once('error', reject)
  return promise
}

describe('draining', () => {
  it('fails no request of busy keep-alive clients, nor a new connection, when a successor has the listener', async (t) => {
    const times = { idleGraceMs: 100, inFlightMs: 5000 }
    let current = await startServer(hello, { drain: times })
    const { port } = current
    const agent = new Agent({ keepAlive: true })
    let asked = 0
    const over = new AbortController()
    const clients = Array.from({ length: 16 }, async (_, index) => {
      for (; !over.signal.aborted; asked++) await ask(port, index < 8 ? agent : new Agent())
    })
    for (let round = 0; round < 5; round++) {
      const before = asked
      const next = await succeed(current, hello, times)
      if (current.find('released')!.listeners.length === 0) {
        t.skip('this Node transfers no listeners')
        break
      }
      assert.equal((await current.drain()).cutRequests, 0)
      current = next
      await waitUntil(() => asked > before + 50, 'the successor answers')
    }
    over.abort()
    await within(Promise.all(clients), 'the clients')
    agent.destroy()
  })

  it('serves on with its own listener when the successor has not come to serve with it', async (t) => {
    const place = await startServer(hello)
    place.runtime.take({ kind: 'release' })
    const { listeners } = place.find('released')!
    if (listeners.length === 0) return t.skip('this Node transfers no listeners')
    place.runtime.take({ kind: 'adopt', listeners })
    const client = await RawClient.open(place.port)
    client.get('/')
    await client.waitFor('hello')
  })

  it('gives an idle connection time for one more request, and says that it was the last', async () => {
    const place = await startServer(hello, { drain: LONG })
    const client = await RawClient.open(place.port)
    client.get('/')
    await client.waitFor('hello')
    assert.doesNotMatch(client.text, /connection: close/i)
    const drained = place.drain()
    client.get('/')
    await client.waitForEnd()
    assert.equal(client.answers, 2)
    assert.match(client.text, /connection: close/i)
    // Long before the grace is over: nobody is left.
    assert.equal((await drained).cutRequests, 0)
  })

  it('answers a request that has come while the event loop was held up for longer than the grace', async () => {
    const place = await startServer(hello, { drain: { idleGraceMs: 20, inFlightMs: 20_000 } })
    const client = await RawClient.open(place.port)
    client.get('/')
    await client.waitFor('hello')
    const drained = place.drain()
    // After this phase of the event loop come timers, and only then what the sockets have.
    await new Promise((resolve) => setImmediate(resolve))
    client.get('/')
    const endsAt = performance.now() + 100
    while (performance.now() < endsAt);
    await client.waitForEnd()
    assert.equal(client.answers, 2)
    await drained
  })

  it('keeps idle connections also when the user closes the server', async () => {
    const make = ({ onDrain }: { onDrain(act: () => void): void }) => {
      const server = hello()
      onDrain(() => void server.close())
      return server
    }
    const place = await startServer(make, { drain: LONG })
    const client = await RawClient.open(place.port)
    client.get('/')
    await client.waitFor('hello')
    const drained = place.drain()
    client.get('/')
    await client.waitForEnd()
    assert.equal(client.answers, 2)
    await drained
  })

  it('closes idle connections, used and unused, when the grace is over', async () => {
    const place = await startServer(hello, { drain: { idleGraceMs: 30, inFlightMs: 10_000 } })
    const used = await RawClient.open(place.port)
    used.get('/')
    await used.waitFor('hello')
    const unused = await RawClient.open(place.port)
    await place.drain()
    await Promise.all([used.waitForEnd(), unused.waitForEnd()])
    assert.equal(unused.text, '')
  })

  it('lets requests in flight end, those with headers sent and those without', async () => {
    const gate = Promise.withResolvers<void>()
    let asked = 0
    const make = () =>
      createServer((request, response) => {
        asked += 1
        if (request.url === '/sent') response.write('begun ')
        void gate.promise.then(() => response.end('done'))
      })
    const place = await startServer(make, { drain: { idleGraceMs: 20, inFlightMs: 20_000 } })
    const [sent, unsent] = [await RawClient.open(place.port), await RawClient.open(place.port)]
    sent.get('/sent')
    unsent.get('/unsent')
    await waitUntil(() => asked === 2, 'both have come')
    const drained = place.drain()
    await new Promise((resolve) => setTimeout(resolve, 60))
    assert.equal(place.exitCode, undefined)
    gate.resolve()
    await Promise.all([sent.waitForEnd(), unsent.waitForEnd()])
    assert.match(sent.text, /done/)
    assert.match(unsent.text, /connection: close[^]*done/i)
    assert.equal((await drained).cutRequests, 0)
  })

  it('cuts and counts what takes longer than inFlightMs', async () => {
    let signal: AbortSignal | undefined
    const make = (toolbox: { readonly signal: AbortSignal }) => {
      signal = toolbox.signal
      return createServer(() => {})
    }
    const place = await startServer(make, { drain: { idleGraceMs: 10, inFlightMs: 60 }, beatMs: 10 })
    const clients = await Promise.all([0, 1, 2].map(() => RawClient.open(place.port)))
    for (const client of clients.slice(1)) client.get('/')
    const last = () => place.sent.findLast((message) => message.kind === 'beat')?.beat
    await waitUntil(() => last()?.active === 2, 'both are in flight')
    assert.equal((await place.drain()).cutRequests, 2)
    assert.ok(signal!.aborted)
    await Promise.all(clients.map((client) => client.waitForEnd()))
  })

  it('waits for the rest of a request that has begun to come', async () => {
    const place = await startServer(hello, { drain: { idleGraceMs: 20, inFlightMs: 20_000 } })
    const [fresh, used] = [await RawClient.open(place.port), await RawClient.open(place.port)]
    used.get('/')
    await used.waitFor('hello')
    for (const client of [fresh, used]) client.send('GET / HTTP/1.1\r\nHo')
    // Its answer shows that what was sent before has come.
    const other = await RawClient.open(place.port)
    other.get('/')
    await other.waitFor('hello')
    const drained = place.drain()
    await other.waitForEnd()
    for (const client of [fresh, used]) client.send('st: x\r\n\r\n')
    await Promise.all([fresh.waitForEnd(), used.waitForEnd()])
    assert.deepEqual([fresh.answers, used.answers], [1, 2])
    assert.equal((await drained).cutRequests, 0)
  })

  it('takes an upload under way to its end', async () => {
    let got = 0
    const make = () =>
      createServer((request, response) => {
        request.on('data', (bytes: Buffer) => (got += bytes.length)).on('end', () => response.end(`got ${got}`))
      })
    const place = await startServer(make, { drain: { idleGraceMs: 20, inFlightMs: 20_000 } })
    const client = await RawClient.open(place.port)
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n')
    client.send('x'.repeat(100_000))
    await waitUntil(() => got === 100_000, 'half has come')
    const drained = place.drain()
    client.send('x'.repeat(100_000))
    await client.waitForEnd()
    assert.match(client.text, /got 200000$/)
    assert.equal((await drained).cutRequests, 0)
  })

  it('answers pipelined requests all', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let asked = 0
    const make = () =>
      createServer((request, response) => {
        const gate = gates[asked++]!
        void gate.promise.then(() => response.end(request.url))
      })
    const place = await startServer(make, { drain: LONG })
    const client = await RawClient.open(place.port)
    client.send('GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n\r\n')
    await waitUntil(() => asked === 2, 'both have come')
    const drained = place.drain()
    gates[0]!.resolve()
    await client.waitFor('/one')
    gates[1]!.resolve()
    await client.waitForEnd()
    assert.match(client.text, /\/one[^]*connection: close[^]*\/two$/i)
    assert.equal((await drained).cutRequests, 0)
  })

  it('waits for hooks, and goes on without those that never end', async () => {
    const gate = Promise.withResolvers<void>()
    const place = await startServer(
      ({ onDrain }) => {
        onDrain(() => gate.promise)
        onDrain(() => {
          throw new Error('a bad hook')
        })
        return hello()
      },
      { drain: { idleGraceMs: 0, inFlightMs: 20_000 } },
    )
    const drained = place.drain()
    assert.equal(place.exitCode, undefined)
    gate.resolve()
    await drained
    assert.match(place.log, /error onDrain\(\) threw: Error: a bad hook/)
    const never = new Promise(() => {})
    const stuck = await startServer(({ onDrain }) => (onDrain(() => never), hello()), {
      drain: { idleGraceMs: 0, inFlightMs: 30 },
    })
    assert.equal((await stuck.drain()).cutRequests, 0)
  })

  it('ends streams of events with a whole last chunk, uncounted', async () => {
    const make = () =>
      createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: 1\n\n')
      })
    const place = await startServer(make, { drain: { idleGraceMs: 10, inFlightMs: 50 } })
    const client = await RawClient.open(place.port)
    client.get('/')
    await client.waitFor('data: 1')
    assert.equal((await place.drain()).cutRequests, 0)
    await client.waitForEnd()
    assert.match(client.text, /\r\n0\r\n\r\n$/)
  })

  it('cuts connections of a net server after inFlightMs, each counted', async () => {
    const make = () => createNetServer((socket) => socket.on('error', () => {}).pipe(socket))
    const place = await startServer(make, { drain: { idleGraceMs: 10, inFlightMs: 100 } })
    const [stays, leaves] = [await RawClient.open(place.port), await RawClient.open(place.port)]
    for (const client of [stays, leaves]) client.send('a')
    await Promise.all([stays.waitFor('a'), leaves.waitFor('a')])
    const drained = place.drain()
    stays.send('b')
    await stays.waitFor('ab')
    leaves.socket.end()
    assert.equal((await drained).cutRequests, 1)
    await stays.waitForEnd()
  })

  it('drains TLS connections alike', async () => {
    const make = () => createHttpsServer(tlsFiles, (_, response) => response.end('hello'))
    const place = await startServer(make, { drain: { idleGraceMs: 200, inFlightMs: 10_000 } })
    const sockets = [0, 1].map(() => connectTls({ port: place.port, host: '127.0.0.1', ca: tlsFiles.cert }))
    const texts = ['', '']
    await Promise.all(
      sockets.map(async (socket, index) => {
        await once(socket, 'secureConnect')
        socket.on('data', (bytes: Buffer) => (texts[index] += bytes.toString()))
      }),
    )
    const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
    for (const socket of sockets) socket.write(request)
    await waitUntil(() => texts.every((text) => text.includes('hello')), 'both are answered')
    const drained = place.drain()
    sockets[0]!.write(request)
    await Promise.all(sockets.map((socket) => once(socket, 'close')))
    assert.match(texts[0]!, /hello[^]*connection: close[^]*hello/i)
    assert.equal((await drained).cutRequests, 0)
  })

  it('tells HTTP/2 clients to go away, and answers what they have asked', async () => {
    const gate = Promise.withResolvers<void>()
    const make = () =>
      createHttp2Server((request, response) => {
        if (request.url === '/late') void gate.promise.then(() => response.end('late'))
        else response.end('hello')
      })
    const place = await startServer(make, { drain: LONG })
    const session = connectHttp2(place.url)
    const read = async (path: string): Promise<string> => {
      let text = ''
      for await (const part of session.request({ ':path': path }).setEncoding('utf8')) text += part
      return text
    }
    assert.equal(await read('/'), 'hello')
    const late = read('/late')
    await read('/')
    const drained = place.drain()
    await once(session, 'goaway')
    gate.resolve()
    assert.equal(await late, 'late')
    assert.equal((await drained).cutRequests, 0)
    if (!session.destroyed) await once(session, 'close')
  })

  it('ends with a thousand connections', async () => {
    const place = await startServer(hello, { drain: { idleGraceMs: 50, inFlightMs: 10_000 } })
    const clients = await Promise.all(Array.from({ length: 1000 }, () => RawClient.open(place.port)))
    for (const client of clients.slice(500)) client.get('/')
    await Promise.all(clients.slice(500).map((client) => client.waitFor('hello')))
    assert.equal((await place.drain()).cutRequests, 0)
    await Promise.all(clients.map((client) => client.waitForEnd()))
    assert.equal(clients.filter((client) => client.answers === 1).length, 500)
  })
})
