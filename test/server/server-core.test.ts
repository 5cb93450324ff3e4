import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { availableParallelism } from 'node:os'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { serve } from '../../src/server/serve.ts'
import { countRest } from '../../src/supervisor/core-budget.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)

describe('ServerCore', () => {
  it('takes a core for each worker, and gives it back', async () => {
    const cores = availableParallelism() + 2
    const servers = await serve({ module, backend: 'threads', workers: 2, port: 0 })
    assert.equal(countRest(cores), cores - 2)
    await servers.close()
    assert.equal(countRest(cores), cores)
  })

  it('tells of workers on the channels', async () => {
    const seen: string[] = []
    const onStarted = (message: unknown): void => void seen.push(`started ${(message as { worker: string }).worker}`)
    const onGone = (message: unknown): void => void seen.push(`gone ${(message as { worker: string }).worker}`)
    subscribe('eisenmp:worker:started', onStarted)
    subscribe('eisenmp:worker:gone', onGone)
    const servers = await serve({ module, backend: 'threads', workers: 1, port: 0 })
    await servers.close()
    unsubscribe('eisenmp:worker:started', onStarted)
    unsubscribe('eisenmp:worker:gone', onGone)
    assert.deepEqual(seen, ['started main-0', 'gone main-0'])
  })
})
