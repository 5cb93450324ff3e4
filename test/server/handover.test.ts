import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ServiceCrew } from '../../src/server/service-crew.ts'
import { planCrew } from '../support/small-crew.ts'
import { waitUntil, within } from '../support/wait-until.ts'

// The system would choose another port for a listener of its own.
const canTransfer = Object.getOwnPropertySymbols((await import('node:net')).Server.prototype).some(
  ({ description }) => description === 'messaging_transfer_symbol',
)

describe('Handover', () => {
  it(
    'gives the listeners of a thread to its successor',
    { skip: canTransfer ? false : 'this Node cannot transfer sockets' },
    async () => {
      const crew = new ServiceCrew(planCrew(1).plan)
      await within(crew.start(), 'it is ready')
      const { ports } = crew.findServing(0)!
      await within(crew.reload(), 'the reload has ended')
      assert.deepEqual(crew.findServing(0)!.ports, ports)
      const answer = await fetch(`http://127.0.0.1:${ports[0]}/hello`, { headers: { connection: 'close' } })
      assert.equal(await answer.text(), 'hello')
      await crew.close()
    },
  )

  it('lets a successor listen by itself when its predecessor answers nothing', async () => {
    const crew = new ServiceCrew(planCrew(1, { health: { intervalMs: 20 } }).plan)
    await within(crew.start(), 'it is ready')
    fetch(`http://127.0.0.1:${crew.findServing(0)!.ports[0]}/block`).catch(() => {})
    await waitUntil(() => crew.findServing(0)?.generation === 1, 'the successor serves')
    const answer = await fetch(`http://127.0.0.1:${crew.findServing(0)!.ports[0]}/hello`, {
      headers: { connection: 'close' },
    })
    assert.equal(await answer.text(), 'hello')
    await within(crew.close(), 'all has ended')
  })
})
