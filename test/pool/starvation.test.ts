import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QueueState } from '../../src/broker/queue-state.ts'
import { Starvation } from '../../src/pool/starvation.ts'
import { waitUntil } from '../support/wait-until.ts'

const queue = new QueueState<unknown>(0, { name: 'a', category: undefined, capacity: 1 })

function create(isKnown: boolean) {
  const told = { held: [] as boolean[], starved: 0, awaited: [queue] as QueueState<unknown>[] | undefined }
  const starvation = new Starvation({
    listAwaited: () => told.awaited,
    isKnown: () => isKnown,
    hold: (isHeld) => told.held.push(isHeld),
    starved: () => (told.starved += 1),
  })
  return { starvation, told }
}

describe('Starvation', () => {
  it('takes a queue that the program never touched for a mistake, after a while', async () => {
    const { starvation, told } = create(false)
    starvation.update()
    await waitUntil(() => told.starved === 1, 'starved')
    assert.deepEqual(told.held, [])
  })

  it('lets the program end when it may still feed, and says so at its end', () => {
    const { starvation, told } = create(true)
    const before = process.listenerCount('beforeExit')
    starvation.update()
    assert.deepEqual(told.held, [false])
    process.listeners('beforeExit').at(-1)!(0)
    assert.equal(told.starved, 1)
    assert.equal(process.listenerCount('beforeExit'), before)
  })

  it('waits as long as something moves', () => {
    const { starvation, told } = create(false)
    starvation.update()
    told.awaited = undefined
    starvation.update()
    starvation.stop()
    assert.deepEqual([told.held, told.starved], [[], 0])
  })
})
