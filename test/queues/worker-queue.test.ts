import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { FromLoop } from '../../src/protocol/loop-messages.ts'
import type { WorkerQueue } from '../../src/queue.ts'
import { QueueClient } from '../../src/queues/queue-client.ts'
import { createWorkerQueues } from '../../src/queues/worker-queue.ts'

it('createWorkerQueues() makes queues that speak by number', async () => {
  const sent: FromLoop[] = []
  const client = new QueueClient({ portable: false, send: (message) => void sent.push(message) }, ['a', 'c.b'])
  const traits = [
    { name: 'a', category: undefined, capacity: 1 },
    { name: 'b', category: 'c', capacity: 5 },
  ]
  const queues = createWorkerQueues(traits, client) as { a: WorkerQueue; c: { b: WorkerQueue } }
  const { b } = queues.c
  assert.deepEqual([b.name, b.category, b.capacity, b.size], ['b', 'c', 5, 0])
  const taken = b.tryTake()
  client.answer({ kind: 'taken', request: 1, size: 2 })
  assert.equal(await taken, undefined)
  assert.equal(b.size, 2)
  b.close()
  assert.deepEqual(sent[0], { kind: 'take', request: 1, queue: 1, loop: 0, isTry: true })
  assert.deepEqual(sent[1]?.kind === 'turn' && sent[1].closes, [1])
})
