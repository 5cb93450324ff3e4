import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type ServeOptions, type Servers, serve } from '../../src/server.ts'
import { HttpLoad, LOADS, type LoadReport } from '../support/http-load.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)
const open = new Set<Servers>()

async function start(options: Partial<ServeOptions>): Promise<Servers> {
  const servers = await within(
    serve({ module, workers: 2, ...(!options.groups && { port: 0 }), ...options }),
    'all workers are ready',
  )
  open.add(servers)
  return servers
}

async function get(servers: Servers, path: string): Promise<string> {
  return (await fetch(servers.url + path, { headers: { connection: 'close' } })).text()
}

function describeFailures({ failures }: LoadReport): string {
  return JSON.stringify(failures.slice(0, 5))
}

function load(servers: Servers, kind: keyof typeof LOADS, path: string): HttpLoad {
  const { address } = servers.plan[0]!
  const ports = [...new Set(servers.plan.map(({ port }) => port))]
  return new HttpLoad({ ...LOADS[kind], clients: 8, address, ports, path })
}

/** What holds for servers of every kind of worker. */
export function describeServe(backend: 'processes' | 'threads'): void {
  describe(`servers on ${backend}`, () => {
    after(async () => {
      for (const servers of open) await servers.destroy()
    })

    it('answer on one port that all workers share, and end', async () => {
      const servers = await start({ backend })
      const seen = new Set<string>()
      await waitUntil(() => servers.stats().workers.every(({ state }) => state === 'ready'), 'all are ready')
      for (let i = 0; i < 20; i++) seen.add((JSON.parse(await get(servers, '/who')) as { name: string }).name)
      assert.ok([...seen].every((name) => /^main-[01]$/.test(name)))
      assert.equal(new Set(servers.plan.map(({ port }) => port)).size, 1)
      await within(servers.close(), 'all is closed')
      await assert.rejects(get(servers, '/hello'))
    })

    it('have a port each, many in one worker, with their place in the toolbox', async () => {
      const groups = [
        { name: 'red', workers: [0], ports: 'auto', serversPerWorker: 2 },
        { name: 'blue', workers: 'rest', ports: 'auto' },
      ] as const
      const servers = await start({ backend, groups, config: { db: 'shop' } })
      const answers: unknown[] = []
      for (const { address, port } of servers.plan) {
        const {
          name,
          group,
          port: own,
          server,
          config,
        } = (await (
          await fetch(`http://${address}:${port}/who`, { headers: { connection: 'close' } })
        ).json()) as Record<string, unknown>
        answers.push([name, group, own === port, server, config])
      }
      assert.deepEqual(answers, [
        ['red-0', 'red', true, 0, { db: 'shop' }],
        ['red-0', 'red', true, 1, { db: 'shop' }],
        ['blue-0', 'blue', true, 0, { db: 'shop' }],
      ])
      await servers.close()
    })

    it('reload without a failed request, and run what is on disk then', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'eisenmp-serve-'))
      const file = join(folder, 'version.server.mjs')
      const write = (version: number): void =>
        writeFileSync(file, `export default { fetch: () => new Response('version ${version}') }`)
      write(1)
      const servers = await start({ backend, module: pathToFileURL(file) })
      assert.equal(await get(servers, '/'), 'version 1')
      write(2)
      const clients = load(servers, 'keepAlive', '/')
      const report = await within(servers.reload(), 'the reload has ended')
      assert.equal(await get(servers, '/'), 'version 2')
      const result = await clients.stop()
      assert.deepEqual([result.failed, report.replaced, report.cutRequests], [0, 2, 0], describeFailures(result))
      assert.ok(result.ok > 0)
      assert.deepEqual(
        servers.stats().workers.map(({ generation, restarts }) => [generation, restarts]),
        [
          [1, 0],
          [1, 0],
        ],
      )
      await servers.close()
      rmSync(folder, { recursive: true })
    })

    it('lose no request to an uncaught error, and start the worker again', async () => {
      const servers = await start({ backend })
      const clients = load(servers, 'keepAlive', '/short')
      const replaced = once(servers, 'ready')
      await get(servers, '/throw')
      await within(replaced, 'the worker is replaced')
      const { failed, failures } = await clients.stop()
      assert.equal(failed, 0, JSON.stringify(failures.slice(0, 5)))
      await waitUntil(() => servers.stats().workers.some(({ restarts }) => restarts === 1), 'the restart is counted')
      await servers.close()
    })

    it('replace a worker that ends, whatever it was doing', async () => {
      const servers = await start({ backend })
      const gone = once(servers, 'gone')
      await assert.rejects(get(servers, '/exit'))
      const [{ reason }] = (await within(gone, 'the worker has gone')) as [{ reason: string }]
      assert.match(reason, /exited with code 3/)
      await waitUntil(() => servers.stats().workers.every(({ state }) => state === 'ready'), 'all are ready again')
      assert.equal(await get(servers, '/hello'), 'hello')
      await servers.close()
    })

    it('replace a worker whose event loop is blocked', async () => {
      const servers = await start({ backend, health: { intervalMs: 50 } })
      const gone = once(servers, 'gone')
      await assert.rejects(get(servers, '/block'))
      await within(gone, 'the blocked worker has gone')
      assert.equal(await get(servers, '/hello'), 'hello')
      await servers.close()
    })

    it('keep the old workers when the new code does not load', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'eisenmp-serve-'))
      const file = join(folder, 'broken.server.mjs')
      writeFileSync(file, "export default { fetch: () => new Response('works') }")
      const servers = await start({ backend, module: pathToFileURL(file) })
      writeFileSync(file, 'export default {')
      await assert.rejects(within(servers.reload(), 'the reload is broken off'), { code: 'ERR_EISENMP_MODULE' })
      assert.equal(await get(servers, '/'), 'works')
      writeFileSync(file, "export default { fetch: () => new Response('again') }")
      await within(servers.reload(), 'the reload has ended')
      assert.equal(await get(servers, '/'), 'again')
      await servers.close()
      rmSync(folder, { recursive: true })
    })

    it('do not start when the module throws, with the original error, and leave nothing behind', async () => {
      const broken = new URL('../fixtures/throw-at-import.worker.ts', import.meta.url)
      const attempt = serve({ module: broken, backend, workers: 2, port: 0 })
      await assert.rejects(within(attempt, 'the start has failed'), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'ERR_EISENMP_MODULE')
        assert.ok(error.cause instanceof Error)
        return true
      })
    })

    it('pass on what workers print, line by line', async () => {
      const lines: string[] = []
      const servers = await start({
        backend,
        onOutput: ({ worker, stream, text }) => lines.push(`${worker} ${stream} ${text}`),
      })
      await get(servers, '/print')
      await waitUntil(() => lines.length >= 2, 'both lines have come')
      assert.ok(
        lines.some((line) => /^main-[01] stdout printed$/.test(line)),
        lines.join('\n'),
      )
      assert.ok(
        lines.some((line) => /^main-[01] stdout logged$/.test(line)),
        lines.join('\n'),
      )
      await servers.close()
    })

    it('finish what is in flight when they are closed', async () => {
      const servers = await start({ backend, health: { intervalMs: 50 } })
      const answer = get(servers, '/long?ms=2000')
      await waitUntil(
        () => servers.stats().workers.some(({ connections }) => connections > 0),
        'the request is in work',
        20_000,
      )
      await within(servers.close(), 'all is closed')
      assert.equal(await answer, 'long')
    })

    it('close when the signal is aborted, and never start after it', async () => {
      const controller = new AbortController()
      const servers = await start({ backend, signal: controller.signal })
      controller.abort()
      await waitUntil(() => servers.stats().workers.every(({ state }) => state === 'ended'), 'all have ended')
      await assert.rejects(serve({ module, signal: AbortSignal.abort(new RangeError('no')) }), RangeError)
    })
  })
}
