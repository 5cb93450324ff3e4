import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import { countRest } from '../../../src/supervisor/core-budget.ts'
import { FleetPark, describeBoth } from '../../support/fleets.ts'
import { waitUntil, within } from '../../support/wait-until.ts'

const park = new FleetPark()

describeBoth('workers of a fleet', (backend) => {
  it('that crash too often are given up: their instances are lost, others go on, startWorker() brings them back', async () => {
    const fleet = await park.create({ backend, workers: 2, restart: { max: 0 } })
    const one = await fleet.create('one')
    const other = await fleet.create('other')
    const events: string[] = []
    fleet.on('failed', ({ worker }) => void events.push(`failed ${worker}`))
    fleet.on('lost', ({ name }) => void events.push(`lost ${name}`))
    await assert.rejects(one.call('exit', 5), { code: 'ERR_EISENMP_CRASH' })
    await waitUntil(() => events.length === 2, 'both events')
    assert.deepEqual(events.toSorted(), ['failed fleet-0', 'lost one'])
    assert.equal(await other.call('own', 2), 4)
    assert.equal((await fleet.create('third')).worker, 1)
    await fleet.startWorker(0)
    assert.equal((await fleet.create('fourth')).worker, 0)
    await fleet.close()
  })

  it('that are not to be restarted take their instances with them, and creates that wait', async () => {
    const fleet = await park.create({ backend, restart: { policy: 'temporary' } })
    const one = await fleet.create('one')
    const lost = once(fleet, 'lost')
    await assert.rejects(one.call('exit', 0), { code: 'ERR_EISENMP_CRASH' })
    await within(lost, 'the event')
    assert.equal(one.state, 'lost')
    await assert.rejects(fleet.create('two'), { code: 'ERR_EISENMP_FULL' })
    await fleet.close()
  })

  it('take their cores out of the budget, and give them back', async () => {
    const before = countRest(16)
    const fleet = await park.create({ backend, workers: 2 })
    assert.equal(countRest(16), before - 2)
    await fleet.close()
    assert.equal(countRest(16), before)
  })
})
