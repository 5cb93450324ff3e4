import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type ServeOptions, type Servers, serve } from '../../src/server.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const module = new URL('../fixtures/servers/sick.server.ts', import.meta.url)
const open = new Set<Servers>()
const folder = new TempFolder()

async function start(options: Partial<ServeOptions>): Promise<Servers> {
  const servers = await within(
    serve({ module, workers: 1, port: 0, backend: 'threads', drain: { idleGraceMs: 10 }, ...options }),
    'it is up',
  )
  open.add(servers)
  return servers
}

async function ask(servers: Servers, path: string): Promise<string> {
  return (await fetch(servers.url + path, { headers: { connection: 'close' } })).text()
}

async function waitFor(servers: Servers, state: string, generation: number): Promise<void> {
  await waitUntil(() => {
    const [worker] = servers.stats().workers
    return worker!.state === state && worker!.generation >= generation
  }, `${state} ${generation}`)
}

describe('servers that fall ill', () => {
  after(async () => {
    for (const servers of open) await servers.destroy()
    folder.remove()
  })

  for (const backend of ['threads', 'processes'] as const) {
    it(`replaces one whose heap is too large, on ${backend}`, async () => {
      const servers = await start({ backend, health: { intervalMs: 300, maxHeapMb: 35 } })
      assert.equal(await ask(servers, '/hoard'), '0')
      await waitFor(servers, 'ready', 1)
      assert.notEqual(await ask(servers, '/'), '0')
      assert.equal(servers.stats().workers[0]!.restarts, 0)
      await servers.close()
    })
  }

  it('replaces a process that has too much memory', async () => {
    const servers = await start({ backend: 'processes', health: { intervalMs: 300, maxRssMb: 160 } })
    await ask(servers, '/buffers')
    await waitFor(servers, 'ready', 1)
    await servers.close()
  })

  it('replaces one that keeps others waiting', async () => {
    const servers = await start({ health: { intervalMs: 100, maxLoopLagMs: 20 } })
    await ask(servers, '/overload')
    await waitFor(servers, 'ready', 1)
    await servers.close()
  })

  it('replaces one whose path of health fails, and not before', async () => {
    const servers = await start({ health: { intervalMs: 100, path: '/health' } })
    assert.equal(await ask(servers, '/refuse'), '0')
    await waitFor(servers, 'ready', 1)
    assert.equal(await ask(servers, '/'), '1')
    await servers.close()
  })

  it('gives up on a crash loop, leaves the other seats alone, and starts again with a reload', async () => {
    const backoff = { firstMs: 1, maxMs: 2 }
    const servers = await start({ restart: { backoff, max: 2 } })
    const failed = once(servers, 'failed')
    for (let crash = 0; crash <= 2; crash++) {
      await assert.rejects(ask(servers, '/crash'))
      if (crash < 2) await waitFor(servers, 'ready', crash + 1)
    }
    await within(failed, 'the seat has failed')
    assert.equal(servers.stats().workers[0]!.state, 'failed')
    assert.equal((await within(servers.reload(), 'the reload has ended')).replaced, 1)
    assert.equal(await ask(servers, '/'), '3')
    await servers.close()
  })

  it('tells of a crash loop at the start with the first error, after one try', async () => {
    const text = "globalThis.tries = 1; throw new RangeError('no such shop')"
    const broken = pathToFileURL(folder.write('broken.server.mjs', text))
    await assert.rejects(within(serve({ module: broken, port: 0, workers: 2 }), 'the start fails'), (error: Error) => {
      return error.message.includes('no such shop')
    })
  })

  it('ends the reload when a successor does not get ready in time, and the old one stays', async () => {
    const path = folder.write('hangs.server.mjs', "export default { fetch: () => new Response('old') }")
    const servers = await start({ module: pathToFileURL(path), startTimeoutMs: 5000 })
    folder.write('hangs.server.mjs', 'await new Promise(() => setInterval(() => {}, 1000)); export default {}')
    await assert.rejects(within(servers.reload(), 'the reload has ended'), /5000 ms|startTimeoutMs/)
    assert.equal(await ask(servers, '/'), 'old')
    await servers.close()
  })

  for (const backend of ['threads', 'processes'] as const) {
    it(`kills one that does not end when it is drained, on ${backend}`, async () => {
      const drain = { idleGraceMs: 10, inFlightMs: 100, killAfterMs: 300 }
      const servers = await start({ backend, drain, health: { intervalMs: 60_000 } })
      const blocked = ask(servers, '/block').catch(() => 'cut')
      await within(servers.reload(), 'the reload has ended')
      assert.equal(await blocked, 'cut')
      assert.equal(await ask(servers, '/'), '1')
      assert.match(servers.stats().workers[0]!.lastExit ?? '', /300 ms/)
      await servers.close()
    })
  }
})
