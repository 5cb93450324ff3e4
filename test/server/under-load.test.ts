import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import { after, describe, it } from 'node:test'
import { type ServeOptions, type Servers, serve } from '../../src/server.ts'
import { HttpLoad, LOADS, type LoadReport } from '../support/http-load.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)
const open = new Set<Servers>()
const CLIENTS = 8

/** Without it, threads bind their ports anew, and what waits in the queue of the old one is lost: Node 22. */
const canTransfer = Object.getOwnPropertySymbols(net.Server.prototype).some(
  ({ description }) => description === 'messaging_transfer_symbol',
)

async function start(options: Partial<ServeOptions>): Promise<Servers> {
  const servers = await within(serve({ module, workers: 2, ...options }), 'all workers are ready')
  open.add(servers)
  return servers
}

function ask(servers: Servers, kind: keyof typeof LOADS, path: string): HttpLoad {
  const { address } = servers.plan[0]!
  const ports = [...new Set(servers.plan.map(({ port }) => port))]
  return new HttpLoad({ ...LOADS[kind], clients: CLIENTS, address, ports, path })
}

async function end(clients: HttpLoad): Promise<LoadReport> {
  const enough = clients.ok + 20
  await waitUntil(() => clients.ok >= enough, 'the clients go on')
  return clients.stop()
}

function assertNoneFailed({ failed, failures }: LoadReport): void {
  assert.equal(failed, 0, JSON.stringify(failures.slice(0, 5)))
}

describe('servers under load', () => {
  after(async () => {
    for (const servers of open) await servers.destroy()
  })

  for (const backend of ['processes', 'threads'] as const) {
    const skip = backend === 'threads' && !canTransfer ? 'this Node cannot transfer sockets between threads' : false

    it(`fail no new connection on reload: ${backend}`, { skip }, async () => {
      const servers = await start({ backend, port: 0 })
      const clients = ask(servers, 'newConnections', '/short')
      await within(servers.reload(), 'the reload has ended')
      assertNoneFailed(await end(clients))
      await servers.close()
    })

    it(`fail no request on reload that takes long: ${backend}`, { skip }, async () => {
      const servers = await start({ backend, port: 0 })
      const clients = ask(servers, 'long', '/long?ms=400')
      await waitUntil(() => clients.ok > 0, 'the clients are at it')
      const { cutRequests } = await within(servers.reload(), 'the reload has ended')
      assert.equal(cutRequests, 0)
      const report = await clients.stop()
      assertNoneFailed(report)
      await servers.close()
    })

    it(`fail nothing on reload with a port each: ${backend}`, { skip }, async () => {
      const servers = await start({ backend, groups: [{ name: 'own', workers: 2, ports: 'auto' }] })
      const clients = ask(servers, 'keepAlive', '/short')
      await within(servers.reload(), 'the reload has ended')
      await within(servers.reload(), 'the second has ended')
      assertNoneFailed(await end(clients))
      await servers.close()
    })
  }

  for (const kind of ['keepAlive', 'newConnections'] as const) {
    it(`lose to kill -9 only what was in flight on that worker: ${kind}`, async () => {
      const servers = await start({ port: 0 })
      const clients = ask(servers, kind, '/short')
      await waitUntil(() => clients.ok > 20, 'the clients are at it')
      const back = once(servers, 'ready')
      process.kill(servers.stats().workers[0]!.pid, 'SIGKILL')
      await within(back, 'the worker is started again')
      const { failed, byKind } = await end(clients)
      assert.ok(failed <= CLIENTS, `${failed} failed`)
      assert.deepEqual([byKind.refused, byKind.timeout], [undefined, undefined])
      await servers.close()
    })
  }

  it('let requests wait while no worker lives, and refuse none', async () => {
    const servers = await start({ port: 0 })
    const pids = servers.stats().workers.map(({ pid }) => pid)
    let left = pids.length
    const gone = Promise.withResolvers<void>()
    servers.on('gone', () => {
      left -= 1
      if (left === 0) gone.resolve()
    })
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await within(gone.promise, 'all have gone')
    assert.equal(await (await fetch(`${servers.url}/hello`)).text(), 'hello')
    await servers.close()
  })
})
