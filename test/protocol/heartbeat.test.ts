import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isHeartbeat } from '../../src/protocol/heartbeat.ts'
import { isFromWorker } from '../../src/protocol/messages.ts'

const beat = { beat: 1, lagMs: 0.5, heapMb: 12, handles: { Timeout: 2 } }
const whole = { ...beat, task: 'studio', ticket: 'input 7', forMs: 20, crossed: 'maxLagMs' }

describe('isHeartbeat()', () => {
  it('takes what a watchdog says, idle or at work, as a message too', () => {
    for (const good of [beat, whole, { ...beat, handles: {} }]) {
      assert.ok(isHeartbeat(good))
      assert.ok(isFromWorker({ kind: 'heartbeat', beat: good }))
    }
  })

  const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`kind ${i}`, 1]))
  const wrong: readonly unknown[] = [
    undefined,
    5,
    {},
    { ...beat, beat: '1' },
    { ...beat, lagMs: -1 },
    { ...beat, lagMs: Number.NaN },
    { ...beat, heapMb: Infinity },
    { ...beat, handles: [1] },
    { ...beat, handles: { Timeout: '2' } },
    { ...beat, handles: many },
    { ...beat, handles: { ['x'.repeat(1001)]: 1 } },
    { ...beat, task: 5 },
    { ...beat, ticket: { queue: 'input', serial: 7 } },
    { ...beat, forMs: '20' },
    { ...beat, crossed: 'x'.repeat(1001) },
  ]
  for (const [index, value] of wrong.entries()) {
    it(`refuses what none would say: ${index}`, () => {
      assert.ok(!isHeartbeat(value))
      assert.ok(!isFromWorker({ kind: 'heartbeat', beat: value }))
    })
  }
})
