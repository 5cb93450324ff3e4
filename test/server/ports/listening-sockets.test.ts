import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, it } from 'node:test'
import { readListeningSockets } from '../../../src/server/ports/listening-sockets.ts'

const notLinux = process.platform !== 'linux' && 'only Linux tells'

describe('readListeningSockets()', () => {
  it('finds what listens, of both families', { skip: notLinux }, async () => {
    const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? [])
    for (const host of ['127.0.0.1', '127.1.2.3', '0.0.0.0', ...(own.includes('::1') ? ['::1', '::'] : [])]) {
      const server = createServer().listen(0, host)
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const found = readListeningSockets().filter((socket) => socket.port === port && socket.address === host)
      assert.deepEqual(
        found.map(({ uid, inode }) => [uid, Number(inode) > 0]),
        [[process.getuid!(), true]],
        host,
      )
      server.close()
    }
  })

  it('finds none where the system does not tell', () => {
    assert.deepEqual(readListeningSockets('/nowhere'), [])
  })
})
