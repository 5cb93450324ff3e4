import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { afterEach, describe, it } from 'node:test'
import { defaultLimits } from '../../../src/server/runtime/limits.ts'
import { ServerWatch } from '../../../src/server/runtime/server-watch.ts'
import { RawClient } from '../../support/raw-client.ts'
import { waitUntil } from '../../support/wait-until.ts'

const watches: ServerWatch[] = []
afterEach(() => {
  for (const watch of watches.splice(0)) watch.destroy()
})

async function listen(server = createServer()): Promise<{ readonly watch: ServerWatch; readonly port: number }> {
  const watch = new ServerWatch(server, defaultLimits)
  watches.push(watch)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { watch, port: (server.address() as { readonly port: number }).port }
}

describe('ServerWatch', () => {
  it('counts connections, requests, and what is under way', async () => {
    const answers: (() => void)[] = []
    const { watch, port } = await listen(createServer((_, response) => answers.push(() => response.end('ok'))))
    let closed = 0
    watch.onClosed = () => (closed += 1)
    const clients = [await RawClient.open(port), await RawClient.open(port)]
    clients[0]!.get('/')
    await waitUntil(() => watch.active === 1, 'it is under way')
    answers.shift()!()
    await waitUntil(() => watch.active === 0, 'it is over')
    clients[0]!.get('/')
    await waitUntil(() => watch.active === 1, 'the next one')
    assert.equal(watch.requests, 2)
    assert.equal(watch.connections.size, 2)
    for (const { socket } of clients) socket.destroy()
    await waitUntil(() => watch.connections.size === 0, 'they are gone')
    assert.equal(watch.active, 0)
    assert.equal(closed, 2)
  })

  it('counts a request once that the user gives on', async () => {
    const server = createServer((_, response) => response.end('ok'))
    server.on('checkContinue', (request, response) => {
      response.writeContinue()
      server.emit('request', request, response)
    })
    const { watch, port } = await listen(server)
    const client = await RawClient.open(port)
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\na')
    await client.waitFor('ok')
    assert.equal(watch.requests, 1)
    assert.equal(client.text.match(/100 Continue/g)?.length, 1)
  })

  it('keeps answering on open connections after it has stopped listening', async () => {
    const { watch, port } = await listen(createServer((_, response) => response.end('ok')))
    const client = await RawClient.open(port)
    client.get('/')
    await client.waitFor('ok')
    watch.stopListening()
    client.get('/')
    await waitUntil(() => client.answers === 2, 'the second answer')
    await assert.rejects(RawClient.open(port), { code: 'ECONNREFUSED' })
  })
})
