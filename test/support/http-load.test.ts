import assert from 'node:assert/strict'
import { type RequestListener, createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Server, type Socket, createServer as createNetServer } from 'node:net'
import { describe, test } from 'node:test'
import { AnswerReader } from './http-answer.ts'
import { HttpLoad, LOADS, type LoadPlan, type LoadReport } from './http-load.ts'
import { waitUntil, within } from './wait-until.ts'

async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  return (server.address() as AddressInfo).port
}

/** Loads a server until the condition holds. */
async function load(
  server: Server,
  holds: (load: HttpLoad) => boolean,
  plan: Partial<LoadPlan> = {},
): Promise<LoadReport> {
  const address = plan.address ?? '127.0.0.1'
  const port = await listen(server, address)
  const running = new HttpLoad({ ...LOADS.keepAlive, clients: 4, address, ports: [port], path: '/', ...plan })
  await waitUntil(() => holds(running), 'the load')
  const report = await within(running.stop(), 'the report')
  server.close()
  return report
}

function serveHttp(listener: RequestListener): Server {
  return createHttpServer(listener)
}

/** Calls back with each request that has come whole; speaks to the socket as it likes. */
function serveRaw(answer: (socket: Socket) => void): Server {
  return createNetServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => answer(socket))
  })
}

describe('the load generator', () => {
  test('counts answers, on connections that stay', async () => {
    const server = serveHttp((_request, response) => response.setHeader('x-worker', 'a').end('hello'))
    const report = await load(server, ({ ok }) => ok >= 40)
    assert.equal(report.failed, 0)
    assert.equal(report.connected, 4)
    assert.ok(report.ok >= 40 && report.p50Ms > 0 && report.p99Ms <= report.maxMs && report.requestsPerSecond > 0)
    assert.equal(
      report.timeline.map(({ ok }) => ok).reduce((a, b) => a + b),
      report.ok,
    )
    assert.deepEqual(
      report.workers.map(({ worker, requests }) => [worker, requests]),
      [['a', report.ok]],
    )
  })

  test('makes a connection for each request when asked to, also over IPv6', async () => {
    const server = serveHttp((_request, response) => response.end('hello'))
    const report = await load(server, ({ ok }) => ok >= 20, { ...LOADS.newConnections, clients: 4, address: '::1' })
    assert.equal(report.failed, 0)
    assert.equal(report.connected, report.ok)
  })

  test('sends a body with POST', async () => {
    const bodies: string[] = []
    const server = serveHttp((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(`${request.method} ${text}`))
      request.on('end', () => response.end())
    })
    const report = await load(server, ({ ok }) => ok >= 1, { body: 'grün', clients: 1 })
    assert.deepEqual([report.failed, bodies[0]], [0, 'POST grün'])
  })

  test('does not count that an idle connection is closed', async () => {
    const server = createHttpServer(({ socket }, response) => {
      response.end('hello', () => setImmediate(() => socket.destroy()))
    })
    const report = await load(server, ({ ok }) => ok >= 8, { clients: 1, thinkMs: 100 })
    assert.equal(report.failed, 0)
    assert.equal(report.connected, report.ok)
  })

  test('makes a new connection after an answer that says so', async () => {
    const server = serveHttp((_request, response) => response.setHeader('connection', 'close').end('hello'))
    const report = await load(server, ({ ok }) => ok >= 8)
    assert.deepEqual([report.failed, report.connected], [0, report.ok])
  })

  test('tells apart what can go wrong', async () => {
    const byKind = async (server: Server, plan: Partial<LoadPlan> = {}): Promise<[unknown, unknown]> => {
      const { byKind: kinds, failures, ok } = await load(server, ({ failed }) => failed >= 3, { clients: 1, ...plan })
      assert.equal(ok, 0)
      return [Object.keys(kinds), failures[0]!.hasBegun]
    }
    assert.deepEqual(await byKind(serveRaw((socket) => socket.end())), [['closed'], false])
    assert.deepEqual(await byKind(serveRaw((socket) => socket.resetAndDestroy())), [['reset'], false])
    const half = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'
    assert.deepEqual(await byKind(serveRaw((socket) => socket.end(half))), [['closed'], true])
    assert.deepEqual(
      await byKind(
        serveRaw(() => {}),
        { timeoutMs: 60 },
      ),
      [['timeout'], false],
    )
    assert.deepEqual(await byKind(serveHttp((_, response) => response.writeHead(503).end())), [['status'], false])
    assert.deepEqual(await byKind(serveRaw((socket) => socket.end('SSH-2.0\r\n\r\n'))), [['other'], true])
  })

  test('counts refused connections, and goes on when somebody listens again', async () => {
    const server = serveHttp((_request, response) => response.end('hello'))
    const port = await listen(server)
    const running = new HttpLoad({
      ...LOADS.newConnections,
      clients: 2,
      address: '127.0.0.1',
      ports: [port],
      path: '/',
    })
    await waitUntil(() => running.ok >= 4, 'answers')
    await new Promise((resolve) => server.close(resolve))
    await waitUntil(() => running.failures.some(({ kind }) => kind === 'refused'), 'refusals')
    const before = running.ok
    const again = serveHttp((_request, response) => response.end('hello')).listen(port, '127.0.0.1')
    await waitUntil(() => running.ok > before, 'answers again')
    await running.stop()
    again.close()
  })

  test('waits at its end for the requests under way', async () => {
    const slow = Promise.withResolvers<void>()
    let asked = 0
    const server = serveHttp((_request, response) => {
      asked += 1
      void slow.promise.then(() => response.end('late'))
    })
    const port = await listen(server)
    const running = new HttpLoad({ ...LOADS.long, clients: 3, address: '127.0.0.1', ports: [port], path: '/' })
    await waitUntil(() => asked === 3, 'requests')
    const report = running.stop()
    slow.resolve()
    const { ok, failed } = await within(report, 'the report')
    server.close()
    assert.deepEqual([ok, failed], [3, 0])
  })
})

describe('an answer', () => {
  const read = (text: string, size: number): (number | undefined)[] => {
    const reader = new AnswerReader()
    const bytes = Buffer.from(text)
    const heads = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      reader.push(bytes.subarray(i * size, (i + 1) * size)),
    )
    return heads.map((head) => head?.status)
  }

  test('is whole with its last byte, however it is cut', () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n',
    ]
    for (const answer of answers) {
      for (const size of [1, 2, 3, 7, 1000]) {
        const statuses = read(answer, size)
        assert.notEqual(statuses.pop(), undefined, `${answer} in pieces of ${size}`)
        assert.ok(statuses.every((status) => status === undefined))
      }
    }
  })

  test('without a length goes until the connection ends', () => {
    const reader = new AnswerReader()
    assert.equal(reader.push(Buffer.from('HTTP/1.0 200 OK\r\n\r\nhello')), undefined)
    assert.deepEqual([reader.end()?.status, reader.hasBegun], [200, false])
  })
})
