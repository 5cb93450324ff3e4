import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { createSecureServer, createServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { describe, it } from 'node:test'
import express from 'express'
import { probe } from '../../../src/server/runtime/health-probe.ts'
import { defaultLimits } from '../../../src/server/runtime/limits.ts'
import { ServerWatch } from '../../../src/server/runtime/server-watch.ts'
import { tlsFiles } from '../../support/tls-files.ts'

const watch = (server: ConstructorParameters<typeof ServerWatch>[0]) => new ServerWatch(server, defaultLimits)

describe('probe()', () => {
  it('asks a server that does not even listen, and is not counted', async () => {
    const app = express().get('/health', (request, response) => void response.send(request.ip))
    const watched = watch(createServer(app))
    assert.deepEqual(await probe(watched, '/health', 5000), { status: 200 })
    assert.deepEqual(await probe(watched, '/other', 5000), { status: 404 })
    assert.equal(watched.requests, 0)
    assert.equal(watched.connections.size, 0)
  })

  it('needs no certificate of a server with TLS', async () => {
    const server = createHttpsServer(tlsFiles, (_, response) => response.writeHead(204).end())
    assert.deepEqual(await probe(watch(server), '/', 5000), { status: 204 })
  })

  it('speaks HTTP/2 where the server does', async () => {
    const answer = (_: unknown, response: { writeHead(status: number): { end(): void } }) =>
      response.writeHead(202).end()
    assert.deepEqual(await probe(watch(createHttp2Server(answer)), '/', 5000), { status: 202 })
    assert.deepEqual(await probe(watch(createSecureServer(tlsFiles, answer)), '/', 5000), { status: 202 })
  })

  it('gets an answer without an end, and a long one', async () => {
    const endless = createServer((_, response) => response.write('x'))
    assert.deepEqual(await probe(watch(endless), '/', 5000), { status: 200 })
    const long = createServer((_, response) => response.end('x'.repeat(3_000_000)))
    assert.deepEqual(await probe(watch(long), '/', 5000), { status: 200 })
  })

  it('tells when there is no answer', async () => {
    const silent = createServer(() => {})
    assert.deepEqual(await probe(watch(silent), '/', 50), { status: undefined, reason: 'no answer within 50 ms' })
    const cut = createServer((request) => request.socket.destroy())
    const { status, reason } = await probe(watch(cut), '/', 5000)
    assert.equal(status, undefined)
    assert.match(reason!, /socket hang up|ECONNRESET|closed/i)
  })
})
