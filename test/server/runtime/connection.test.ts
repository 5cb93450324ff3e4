import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, describe, it } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { RawClient } from '../../support/raw-client.ts'
import { endAll, startServer } from '../../support/runtime-place.ts'

afterEach(endAll)

async function openSocket(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(socket, 'message')
  return socket
}

function serveSockets(server = createServer()): WebSocketServer {
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.send('welcome')
    socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`))
  })
  return sockets
}

describe('a WebSocket', () => {
  it('is closed by onDrain() with a code of its own, and the drain ends at once', async () => {
    const make = ({ onDrain }: { onDrain(act: () => void): void }) => {
      const server = createServer()
      const sockets = serveSockets(server)
      onDrain(() => {
        for (const socket of sockets.clients) socket.close(1012, 'restart')
      })
      return server
    }
    const place = await startServer(make, { drain: { idleGraceMs: 10, inFlightMs: 20_000 } })
    const socket = await openSocket(place.port)
    const closed = once(socket, 'close')
    assert.equal((await place.drain()).cutRequests, 0)
    assert.equal((await closed)[0], 1012)
  })

  it('works on while its worker drains, and is closed with 1001 after inFlightMs', async () => {
    const make = () => {
      const server = createServer()
      serveSockets(server)
      return server
    }
    const place = await startServer(make, { drain: { idleGraceMs: 10, inFlightMs: 150 } })
    const socket = await openSocket(place.port)
    const closed = once(socket, 'close')
    const drained = place.drain()
    socket.send('a')
    assert.equal(String((await once(socket, 'message'))[0]), 'echo a')
    assert.equal((await drained).cutRequests, 0)
    assert.equal((await closed)[0], 1001)
  })
})

describe('another upgraded connection', () => {
  it('is ended after inFlightMs, and counted', async () => {
    const make = () =>
      createServer().on('upgrade', (_, socket) => {
        socket.on('error', () => {})
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')
      })
    const place = await startServer(make, { drain: { idleGraceMs: 10, inFlightMs: 60 } })
    const client = await RawClient.open(place.port)
    client.get('/', 'Connection: Upgrade\r\nUpgrade: other\r\n')
    await client.waitFor('101')
    assert.equal((await place.drain()).cutRequests, 1)
    await client.waitForEnd()
    assert.match(client.text, /\r\n\r\n$/)
  })
})
