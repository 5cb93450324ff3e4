import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ToFleetWorker } from '../../../src/server/fleet/fleet-messages.ts'
import { FleetRuntime } from '../../../src/server/fleet/fleet-runtime.ts'
import type { FromService } from '../../../src/server/service-messages.ts'
import type { ServiceSpec } from '../../../src/server/service-spec.ts'
import { stationModule } from '../../support/fleets.ts'
import { waitUntil } from '../../support/wait-until.ts'

function open(url = stationModule.href) {
  const sent: FromService[] = []
  const exits: number[] = []
  const module = { url, export: 'default' }
  const spec = { kind: 'fleet', index: 0, name: 'fleet-0', generation: 0, module, config: {}, beatMs: 5 } as unknown
  const drain = { idleGraceMs: 0, inFlightMs: 1000 }
  const runtime = new FleetRuntime({
    spec: { ...(spec as ServiceSpec), drain },
    send: (message) => void sent.push(message),
    leave: (code) => void exits.push(code),
  })
  const tell = (body: ToFleetWorker): void => runtime.take({ kind: 'custom', body })
  const kinds = (): string[] =>
    sent.map((each) => (each.kind === 'custom' ? (each.body as { kind: string }).kind : each.kind))
  return { runtime, sent, exits, tell, kinds }
}

const create = (instance: number, input: object = {}): ToFleetWorker => {
  return { kind: 'create', instance, name: `i${instance}`, input, readers: [] }
}

describe('FleetRuntime', () => {
  it('gets ready, beats, obeys, and leaves when all is stopped', async () => {
    const { runtime, exits, tell, kinds } = open()
    await runtime.start()
    tell(create(1))
    tell(create(2))
    await waitUntil(() => kinds().filter((kind) => kind === 'created').length === 2, 'both are created')
    tell({ kind: 'call', instance: 1, call: 7, method: 'own', args: [4] })
    tell({ kind: 'stop', instance: 1 })
    // Of one that is not there: it has just ended.
    tell({ kind: 'call', instance: 9, call: 8, method: 'own', args: [4] })
    await waitUntil(() => kinds().includes('stopped') && kinds().includes('beat'), 'the end of the first, and a beat')
    runtime.take({ kind: 'drain' })
    runtime.take({ kind: 'drain' })
    await waitUntil(() => exits.length > 0, 'its end')
    assert.deepEqual(exits, [0])
    const order = kinds().filter((kind) => kind !== 'beat' && kind !== 'print')
    assert.deepEqual(order, ['ready', 'created', 'created', 'result', 'stopped', 'stopped', 'drained'])
  })

  it('fails with a module that has no class', async () => {
    const { runtime, exits, kinds } = open(new URL('./no-class.worker.ts', stationModule).href)
    await runtime.start()
    assert.deepEqual([kinds(), exits], [['failed'], [1]])
  })

  it('stops its instances after an uncaught error, in a short time, and leaves with 1; at once after a second', async () => {
    const { runtime, exits, tell, kinds } = open()
    await runtime.start()
    tell(create(1, { stop: 'hangs' }))
    await waitUntil(() => kinds().includes('created'), 'it is created')
    runtime.crash(new Error('stray'))
    assert.ok(kinds().includes('failing'))
    assert.deepEqual(exits, [])
    runtime.crash(new Error('another'))
    assert.deepEqual(exits, [1])
  })
})
