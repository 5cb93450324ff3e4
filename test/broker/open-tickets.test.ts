import assert from 'node:assert/strict'
import { it } from 'node:test'
import { OpenTickets } from '../../src/broker/open-tickets.ts'

it('OpenTickets tells when the last chunk of a ticket is through', () => {
  const tickets = new OpenTickets()
  const a = { queue: 'a', serial: 0 }
  tickets.open(a)
  tickets.open({ ...a })
  tickets.open({ queue: 'b', serial: 0 })
  assert.deepEqual([tickets.size, tickets.close(a), tickets.close(a), tickets.close(a)], [2, false, true, false])
  assert.equal(tickets.close({ queue: 'nobody', serial: 1 }), false)
})
