import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readFleetOptions } from '../../../src/server/fleet/fleet-options.ts'
import { stationModule as module } from '../../support/fleets.ts'

describe('readFleetOptions()', () => {
  it('fills in the defaults', () => {
    const settings = readFleetOptions({ module })
    const { placement, maxPerWorker, onWorkerLost, queue, backend, drain } = settings
    assert.deepEqual([placement, maxPerWorker, onWorkerLost, backend], ['balanced', Infinity, 'recreate', 'processes'])
    assert.deepEqual(queue, { capacity: 64, whenFull: 'wait' })
    assert.equal(drain.inFlightMs, 10_000)
    assert.ok(settings.workers >= 1)
  })

  const refused: [string, object, RegExp][] = [
    ['a misspelt option', { module, placment: 'packed' }, /did you mean 'placement'\?/],
    ['no module', {}, /'module' is missing; name it/],
    [
      'a module from the network',
      { module: { url: 'https://example.com/x.js', integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' } },
      /not loaded from the network/,
    ],
    ['an unknown placement', { module, placement: 'random' }, /'balanced', 'packed' or a function/],
    ['maxPerWorker of 0', { module, maxPerWorker: 0 }, /a whole number from 1/],
    ['another onWorkerLost', { module, onWorkerLost: 'ignore' }, /"recreate" or "report"/],
    ['a queue without room', { module, queue: { capacity: 0 } }, /option 'capacity' of createFleet\(\{ queue \}\)/],
    ['an unknown option of the queue', { module, queue: { full: 'wait' } }, /there is no such option/],
    ['another whenFull', { module, queue: { whenFull: 'drop' } }, /"wait" or "reject"/],
    ['no workers', { module, workers: 0 }, /from 1 to 1024/],
  ]
  for (const [what, options, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => readFleetOptions(options), { code: 'ERR_EISENMP_OPTION', message }))
  }

  it('refuses a module that is not there, and a config that cannot travel', () => {
    assert.throws(() => readFleetOptions({ module: './nowhere.ts' }), { code: 'ERR_EISENMP_MODULE' })
    assert.throws(() => readFleetOptions({ module: [module] }), { code: 'ERR_EISENMP_MODULE' })
    assert.throws(() => readFleetOptions({ module, config: { f: () => 1 } }), { code: 'ERR_EISENMP_CLONE' })
  })
})
