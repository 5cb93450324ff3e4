import assert from 'node:assert/strict'
import { type ServerResponse, createServer } from 'node:http'
import { afterEach, describe, it } from 'node:test'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startServer } from '../../support/runtime-place.ts'
import { waitUntil } from '../../support/wait-until.ts'

afterEach(endAll)

type Answer = (response: ServerResponse) => unknown

const ways: Readonly<Record<string, Answer>> = {
  'nothing is set': (response) => response.end('x'),
  'a header is set': (response) => response.setHeader('x-a', '1').end('x'),
  'setHeader() says keep-alive': (response) => response.setHeader('Connection', 'keep-alive').end('x'),
  'writeHead() says it in an object': (response) => response.writeHead(200, { Connection: 'keep-alive' }).end('x'),
  'writeHead() says it in a list': (response) => response.writeHead(200, ['Connection', 'keep-alive']).end('x'),
  'both are used': (response) =>
    response.setHeader('x-a', '1').writeHead(200, 'Fine', { connection: 'keep-alive' }).end('x'),
  'headers are flushed': (response) => {
    response.flushHeaders()
    response.end('x')
  },
  'it is written in parts': (response) => {
    response.write('x')
    response.end()
  },
}

describe('the last answer of a connection', () => {
  for (const [name, answer] of Object.entries(ways)) {
    it(`says so when ${name}`, async () => {
      let waiting: ServerResponse | undefined
      const place = await startServer(() => createServer((_, response) => (waiting = response)))
      const client = await RawClient.open(place.port)
      client.get('/')
      await waitUntil(() => waiting !== undefined, 'the request has come')
      const drained = place.drain()
      answer(waiting!)
      await client.waitForEnd()
      await drained
      assert.equal(client.text.match(/^connection: close\r$/gim)?.length, 1, client.text)
      assert.doesNotMatch(client.text, /keep-alive/i)
    })
  }

  it('reaches a client that is still sending', async () => {
    let waiting: ServerResponse | undefined
    const place = await startServer(() => createServer((_, response) => (waiting = response)))
    const client = await RawClient.open(place.port)
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n')
    await waitUntil(() => waiting !== undefined, 'the request has come')
    const drained = place.drain()
    client.send('x'.repeat(1_000_000))
    waiting!.writeHead(401).end('who are you?')
    await client.waitFor('who are you?')
    client.send('x'.repeat(2_000_000))
    await client.waitForEnd()
    assert.ok(client.socket.errored === null, String(client.socket.errored))
    assert.equal((await drained).cutRequests, 0)
  })

  it('may be to HEAD', async () => {
    let waiting: ServerResponse | undefined
    const place = await startServer(() => createServer((_, response) => (waiting = response)))
    const client = await RawClient.open(place.port)
    client.send('HEAD / HTTP/1.1\r\nHost: x\r\n\r\n')
    await waitUntil(() => waiting !== undefined, 'the request has come')
    void place.drain()
    waiting!.end('not sent')
    await client.waitForEnd()
    assert.match(client.text, /connection: close/i)
    assert.match(client.text, /\r\n\r\n$/)
  })
})
