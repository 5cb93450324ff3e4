import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { createServer as createNetServer } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { applyLimits } from '../../../src/server/runtime/apply-limits.ts'
import { defaultLimits } from '../../../src/server/runtime/limits.ts'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startServer } from '../../support/runtime-place.ts'

afterEach(endAll)

describe('applyLimits()', () => {
  it('sets what is left at its default, and leaves what the user has set', () => {
    const server = createServer({ keepAliveTimeout: 1234, maxHeaderSize: 9999 })
    applyLimits(server, defaultLimits)
    assert.equal(server.headersTimeout, 20_000)
    assert.equal(server.requestTimeout, 300_000)
    assert.equal(server.keepAliveTimeout, 1234)
    assert.equal(Reflect.get(server, 'maxHeaderSize'), 9999)
    assert.equal(Reflect.get(server, 'connectionsCheckingInterval'), 5000)
  })

  it('leaves servers alone that are not of HTTP/1', () => {
    for (const server of [createNetServer(), createHttp2Server()]) {
      applyLimits(server, defaultLimits)
      assert.equal(Reflect.get(server, 'headersTimeout'), undefined)
    }
  })

  it('ends the connection of a client that never comes to the end of its headers', async () => {
    const limits = { ...defaultLimits, headersTimeoutMs: 200 }
    const place = await startServer(() => createServer((_, response) => response.end('hello')), { limits })
    const slow = await RawClient.open(place.port)
    slow.send('GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n')
    const drip = setInterval(() => slow.send('X-B: 2\r\n'), 20)
    const honest = await RawClient.open(place.port)
    honest.get('/')
    await honest.waitFor('hello')
    await slow.waitForEnd()
    clearInterval(drip)
    assert.match(slow.text, /^HTTP\/1\.1 408/)
  })

  it('ends the connection of a client that sends its body too slowly', async () => {
    const limits = { ...defaultLimits, requestTimeoutMs: 200 }
    const place = await startServer(() => createServer((request) => request.resume()), { limits })
    const slow = await RawClient.open(place.port)
    slow.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na')
    await slow.waitForEnd()
    assert.match(slow.text, /^HTTP\/1\.1 408/)
  })

  it('refuses headers that are too long', async () => {
    const limits = { ...defaultLimits, maxHeaderBytes: 2000 }
    const place = await startServer(() => createServer((_, response) => response.end('hello')), { limits })
    const client = await RawClient.open(place.port)
    client.get('/', `X-Long: ${'x'.repeat(3000)}\r\n`)
    await client.waitForEnd()
    assert.match(client.text, /^HTTP\/1\.1 431/)
  })
})
