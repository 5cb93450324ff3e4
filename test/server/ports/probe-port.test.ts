import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, it } from 'node:test'
import { probePort } from '../../../src/server/ports/probe-port.ts'

describe('probePort()', () => {
  it('knows whether somebody listens, and leaves the port free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const busy = await probePort('127.0.0.1', port)
    assert.equal((busy as NodeJS.ErrnoException).code, 'EADDRINUSE')
    await new Promise((resolve) => server.close(resolve))
    assert.equal(await probePort('127.0.0.1', port), undefined)
    assert.equal(await probePort('127.0.0.1', port), undefined)
  })
})
