import assert from 'node:assert/strict'
import net, { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { holdSocket } from '../../../src/server/ports/hold-socket.ts'

const loopback = { address: '127.0.0.1', family: 4, port: 0, how: 'inherit' } as const

/** As in Nodes without `net.BoundSocket`, also where there is one. */
function withoutBoundSocket<T>(run: () => T): T {
  const bound = Object.getOwnPropertyDescriptor(net, 'BoundSocket')
  Object.defineProperty(net, 'BoundSocket', { value: undefined, configurable: true })
  try {
    return run()
  } finally {
    if (bound === undefined) Reflect.deleteProperty(net, 'BoundSocket')
    else Object.defineProperty(net, 'BoundSocket', bound)
  }
}

const ways = [
  ['by what this Node has', <T>(run: () => T) => run()],
  ['by a handle', withoutBoundSocket],
] as const

for (const [way, run] of ways) {
  describe(`holdSocket() ${way}`, () => {
    it('has a descriptor and a real port, and does not listen', () => {
      const { fd, port, close } = run(() => holdSocket(loopback))
      assert.ok(fd > 2 && port > 0)
      close()
    })

    it('throws the error of the system, with its code', async () => {
      assert.throws(() => run(() => holdSocket({ ...loopback, address: '203.0.113.9' })), { code: 'EADDRNOTAVAIL' })
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as net.AddressInfo
      assert.throws(() => run(() => holdSocket({ ...loopback, port })), { code: 'EADDRINUSE' })
      server.close()
    })

    it('keeps a port for those who share it', { skip: process.platform !== 'linux' && 'Linux only' }, async () => {
      const held = run(() => holdSocket({ ...loopback, how: 'reuse' }))
      const options = { host: '127.0.0.1', port: held.port, reusePort: true }
      const servers = [createServer(), createServer()]
      for (const server of servers) await once(server.listen(options), 'listening')
      for (const server of servers) server.close()
      held.close()
    })
  })
}
