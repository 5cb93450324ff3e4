import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serve } from '../../src/server/serve.ts'
import { findTaskset } from '../support/taskset.ts'
import { waitUntil } from '../support/wait-until.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)

describe('servers.stats()', () => {
  for (const backend of ['processes', 'threads'] as const) {
    it(`counts requests and shows where a worker runs: ${backend}`, async () => {
      const servers = await serve({ module, backend, workers: 1, port: 0, health: { intervalMs: 20 } })
      for (let i = 0; i < 5; i++) await (await fetch(`${servers.url}/hello`)).text()
      await waitUntil(() => servers.stats().workers[0]!.requests === 5, 'five are counted')
      const { workers, backend: kind } = servers.stats()
      const [worker] = workers
      assert.equal(kind, backend)
      assert.deepEqual([worker!.name, worker!.group, worker!.generation, worker!.restarts], ['main-0', 'main', 0, 0])
      assert.ok(worker!.pid > 0 && worker!.rssMb! > 1 && worker!.heapMb! > 1 && worker!.uptimeMs > 0)
      assert.equal(worker!.pid === process.pid, backend === 'threads')
      await servers.close()
    })

    it(
      `shows the cores that a worker is pinned to, and its priority: ${backend}`,
      { skip: findTaskset() },
      async () => {
        const servers = await serve({ module, backend, workers: 1, port: 0, cores: [0], nice: 5 })
        const [worker] = servers.stats().workers
        assert.deepEqual([worker!.pinning, worker!.cores], ['pinned', [0]])
        assert.deepEqual([worker!.priority, worker!.nice], ['set', 5])
        await servers.close()
      },
    )
  }
})
