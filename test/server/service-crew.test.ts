import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ServiceCrew } from '../../src/server/service-crew.ts'
import { planCrew } from '../support/small-crew.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const broken = new URL('../fixtures/throw-at-import.worker.ts', import.meta.url)

describe('ServiceCrew', () => {
  it('starts, reloads one seat after the other, and ends', async () => {
    const { plan, log } = planCrew(2)
    const crew = new ServiceCrew(plan)
    await within(crew.start(), 'all are ready')
    assert.deepEqual(
      crew.view().map(({ state }) => state),
      ['ready', 'ready'],
    )
    const { replaced, cutRequests } = await within(crew.reload(), 'the reload has ended')
    assert.deepEqual([replaced, cutRequests], [2, 0])
    assert.ok(log.indexOf('0.1 ready') < log.indexOf('1.1 ready'))
    assert.ok(log.indexOf('0.1 ready') < log.indexOf('0.0 gone'))
    await within(crew.close(), 'all has ended')
    assert.equal(crew.listLives().length, 0)
  })

  it('has several reloads run one after another', async () => {
    const { plan } = planCrew(1)
    const crew = new ServiceCrew(plan)
    await within(crew.start(), 'all are ready')
    await within(Promise.all([crew.reload(), crew.reload()]), 'both reloads have ended')
    assert.ok(crew.view()[0]!.generation >= 1)
    await crew.close()
  })

  it('fails to start with the first error, and leaves nothing', async () => {
    const { plan } = planCrew(2, { module: broken })
    const crew = new ServiceCrew(plan)
    await assert.rejects(within(crew.start(), 'the start fails'), { code: 'ERR_EISENMP_MODULE' })
    assert.equal(crew.listLives().length, 0)
  })

  it('empties a seat and fills it again', async () => {
    const { plan } = planCrew(2)
    const crew = new ServiceCrew(plan)
    await within(crew.start(), 'all are ready')
    await within(crew.retire(1), 'the seat is empty')
    assert.equal(crew.view()[1]!.state, 'retired')
    assert.equal(crew.send(1, 'nobody there'), false)
    crew.revive(1)
    await waitUntil(() => crew.view()[1]!.state === 'ready', 'the seat is filled')
    assert.equal(crew.send(1, 'somebody there'), true)
    await crew.close()
  })

  it('can be closed before it starts, and while it does', async () => {
    const idle = new ServiceCrew(planCrew(1).plan)
    await within(idle.close(), 'it has ended')
    const crew = new ServiceCrew(planCrew(1).plan)
    const started = crew.start()
    started.catch(() => {})
    await within(crew.destroy(), 'it has ended')
    assert.equal(crew.listLives().length, 0)
  })
})
