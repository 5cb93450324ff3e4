import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Feeds } from '../../src/pool/feeds.ts'
import { QueueDesk } from '../../src/pool/queue-desk.ts'
import { ResultBoard } from '../../src/pool/results.ts'
import { count } from '../contracts/pool-contract.ts'

function create(): { feeds: Feeds; desk: QueueDesk } {
  const nothing = (): void => {}
  const results = new ResultBoard(() => [], nothing)
  const events = { send: nothing, dead: nothing, refused: nothing, ended: nothing, thrown: nothing }
  const host = { ...events, counted: nothing, print: nothing, changed: nothing }
  const traits = [{ name: 'a', category: undefined, capacity: 3 }]
  const desk = new QueueDesk(traits, { crash: 0, error: 0 }, results, host)
  return { desk, feeds: new Feeds({ desk, isPortable: false, changed: nothing }) }
}

it('Feeds closes a queue with the last source that feeds it, and adds up what they have', async () => {
  const { feeds, desk } = create()
  const queue = desk.broker.queues[0]!
  const first = feeds.start([1], { chunk: 1 }, queue)
  const second = feeds.start([2, 3], { chunk: 1 }, queue)
  await first
  assert.ok(!queue.isClosed)
  await second
  assert.ok(queue.isClosed)
  assert.equal(feeds.total, 3)
  assert.throws(() => feeds.start([1], {}, queue), { code: 'ERR_EISENMP_QUEUE' })
})

it('Feeds tells why it was stopped', async () => {
  const { feeds, desk } = create()
  const fed = feeds.start(count(100), { chunk: 1 }, desk.broker.queues[0]!)
  feeds.stop(new Error('enough'))
  await assert.rejects(fed, { message: 'enough' })
  const endless = create()
  await endless.feeds.start(new Set([1]).values(), {}, endless.desk.broker.queues[0]!)
  assert.equal(endless.feeds.total, undefined)
})
