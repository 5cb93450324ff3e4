import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import { afterEach, describe, it } from 'node:test'
import { defaultLimits } from '../../../src/server/runtime/limits.ts'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startFetch, startServer } from '../../support/runtime-place.ts'
import { waitUntil } from '../../support/wait-until.ts'

afterEach(endAll)

const limits = { ...defaultLimits, maxBodyBytes: 1000 }
const counts = { asked: 0, bytes: 0, aborted: 0 }
const CHUNKED = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'

const counting = () => {
  Object.assign(counts, { asked: 0, bytes: 0, aborted: 0 })
  return createServer((request, response) => {
    counts.asked += 1
    request.on('data', (bytes: Buffer) => (counts.bytes += bytes.length))
    request.on('error', () => (counts.aborted += 1))
    request.on('end', () => response.end(`got ${counts.bytes}`))
  })
}

describe('maxBodyBytes', () => {
  it('refuses by Content-Length before anybody hears of it', async () => {
    const place = await startServer(counting, { limits })
    const client = await RawClient.open(place.port)
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n')
    await client.waitFor('413')
    client.send('x'.repeat(1001))
    await client.waitForEnd()
    assert.match(client.text, /^HTTP\/1\.1 413[^]*connection: close/i)
    assert.equal(counts.asked, 0)
  })

  it('does not ask for a body that it will refuse', async () => {
    const place = await startServer(counting, { limits })
    const refused = await RawClient.open(place.port)
    refused.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n')
    await refused.waitForEnd()
    assert.match(refused.text, /^HTTP\/1\.1 413/)
    const taken = await RawClient.open(place.port)
    taken.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n')
    await taken.waitFor('HTTP/1.1 100 Continue')
    taken.send('abc')
    await taken.waitFor('got 3')
    assert.equal(counts.asked, 1)
  })

  it('lets a body of just that length pass, announced or in chunks', async () => {
    const place = await startServer(counting, { limits })
    const client = await RawClient.open(place.port)
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`)
    await client.waitFor('got 1000')
    client.send(`${CHUNKED}3e8\r\n${'x'.repeat(1000)}\r\n0\r\n\r\n`)
    await client.waitFor('got 2000')
  })

  it('cuts a body of unknown length when it gets longer', async () => {
    const place = await startServer(counting, { limits })
    const client = await RawClient.open(place.port)
    client.send(`${CHUNKED}3e8\r\n${'x'.repeat(1000)}\r\n`)
    await waitUntil(() => counts.bytes === 1000, 'the first part has come')
    client.send(`1\r\nx\r\n`)
    await client.waitForEnd()
    assert.match(client.text, /^HTTP\/1\.1 413/)
    await waitUntil(() => counts.aborted === 1, 'the handler is told')
    assert.equal(counts.bytes, 1000)
  })

  it('is 413 of a fetch handler that reads too much, and no word in the log', async () => {
    const place = await startFetch(async (request) => new Response(`got ${(await request.text()).length}`), { limits })
    const small = await RawClient.open(place.port)
    small.send(`${CHUNKED}3e8\r\n${'x'.repeat(1000)}\r\n0\r\n\r\n`)
    await small.waitFor('got 1000')
    const large = await RawClient.open(place.port)
    large.send(`${CHUNKED}3e8\r\n${'x'.repeat(1000)}\r\n1\r\nx\r\n`)
    await large.waitForEnd()
    assert.match(large.text, /^HTTP\/1\.1 413[^]*Content Too Large/)
    assert.equal(place.log, '')
  })

  it('holds for HTTP/2 by Content-Length', async () => {
    const place = await startServer(() => createHttp2Server((_, response) => response.end('ok')), { limits })
    const session = connect(place.url)
    const statusOf = (length: number): Promise<unknown> =>
      new Promise((resolve) => {
        const stream = session.request({ ':method': 'POST', 'content-length': length })
        stream.once('response', (headers) => resolve(headers[':status'])).once('error', () => {})
        stream.end('x'.repeat(length))
        stream.resume()
      })
    assert.equal(await statusOf(1001), 413)
    assert.equal(await statusOf(1000), 200)
    session.destroy()
  })
})
