import assert from 'node:assert/strict'
import { it } from 'node:test'
import { FleetPark, describeBoth } from '../../support/fleets.ts'
import { waitUntil } from '../../support/wait-until.ts'

const park = new FleetPark()

describeBoth('stats()', (backend) => {
  it('counts instances and commands of each worker', async () => {
    const fleet = await park.create({ backend, workers: 2, health: { intervalMs: 20 } })
    for (const name of ['a', 'b', 'c']) await fleet.create(name)
    const hanging = ['a', 'c', 'c'].map((name) => fleet.get(name).call('waitForStop'))
    const { workers, ...rest } = fleet.stats()
    assert.deepEqual(rest, { backend, instances: 3 })
    assert.deepEqual(
      workers.map(({ name, instances, pending }) => [name, instances, pending]),
      [
        ['fleet-0', 2, 3],
        ['fleet-1', 1, 0],
      ],
    )
    assert.ok(workers.every(({ state, isOpen, pid }) => state === 'ready' && isOpen && pid > 0))
    await waitUntil(() => fleet.stats().workers[0]!.commands === 3, 'the beat with the commands')
    await fleet.close()
    await Promise.all(hanging)
  })
})
