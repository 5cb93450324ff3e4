import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createInstanceToolbox, describeWorker } from '../../../src/server/fleet/instance-toolbox.ts'
import type { ServiceSpec } from '../../../src/server/service-spec.ts'

describe('createInstanceToolbox()', () => {
  it('can be taken apart, and formats what is printed', async () => {
    const seen: unknown[] = []
    const controller = new AbortController()
    const toolbox = createInstanceToolbox({
      config: { a: 1 },
      worker: describeWorker({ index: 2, name: 'fleet-2', generation: 4 } as ServiceSpec),
      name: 'one',
      signal: controller.signal,
      emit: (channel, value) => Promise.resolve(seen.push([channel, value]) > 0),
      print: (level, text) => void seen.push([level, text]),
      getCallSignal: () => AbortSignal.abort('call'),
    })
    const { emit, print, log, name, config, worker, signal } = toolbox
    assert.equal(await emit('audio', 7), true)
    print('%s is %d', 'x', 1, { b: 2 })
    log.warn('careful')
    assert.deepEqual(seen, [
      ['audio', 7],
      ['print', 'x is 1 { b: 2 }'],
      ['warn', 'careful'],
    ])
    assert.deepEqual([name, config, signal], ['one', { a: 1 }, controller.signal])
    assert.deepEqual(worker, { id: '2.4', index: 2, name: 'fleet-2', generation: 4, pid: process.pid, threadId: 0 })
    assert.equal(toolbox.callSignal.reason, 'call')
  })
})
