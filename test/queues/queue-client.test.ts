import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FromLoop } from '../../src/protocol/loop-messages.ts'
import { QueueClient } from '../../src/queues/queue-client.ts'
import { Turn } from '../../src/queues/turn.ts'

function create(): { client: QueueClient; sent: FromLoop[]; enter(turn: Turn): void } {
  const sent: FromLoop[] = []
  const client = new QueueClient({ portable: false, send: (message) => void sent.push(message) }, ['a', 'b'])
  return { client, sent, enter: (turn) => (client.context = { getStore: () => turn }) }
}

const ticket = { queue: 'a', serial: 0 }
const chunkOf = (lease: number) => ({ lease, ticket, items: [1, 2] })

describe('QueueClient', () => {
  it('outside of a loop does everything at once', async () => {
    const { client, sent } = create()
    const put = client.put(1, [1], undefined, false)
    client.answer({ kind: 'done', request: 1 })
    assert.equal(await put, true)
    client.emit('x', undefined)
    client.close(1)
    assert.deepEqual(
      sent.map(({ kind }) => kind),
      ['put', 'turn', 'turn'],
    )
  })

  it('in a call that holds a chunk keeps all until the call settles', async () => {
    const { client, sent, enter } = create()
    const turn = new Turn(1)
    enter(turn)
    const taken = client.take(0, false)
    client.answer({ kind: 'taken', request: 1, size: 3, chunk: chunkOf(9) })
    assert.deepEqual(await taken, { ticket, items: [1, 2] })
    assert.equal(client.sizes[0], 3)
    assert.equal(await client.put(1, 5, ticket, false), true)
    client.emit('x', ticket)
    assert.equal(sent.length, 1)
    const settled = client.settle(turn)
    await settled
    assert.deepEqual(sent[1]?.kind === 'turn' && [sent[1].acks, sent[1].puts.length], [[9], 1])
  })

  it('gives back what comes when the call is over, or its loop was stopped', async () => {
    const { client, sent, enter } = create()
    const turn = new Turn(1)
    enter(turn)
    const late = client.take(0, false)
    turn.isOver = true
    client.answer({ kind: 'taken', request: 1, size: 0, chunk: chunkOf(4) })
    assert.equal(await late, undefined)
    turn.isOver = false
    const stopped = client.take(0, false)
    client.stop(1)
    assert.equal(await stopped, undefined)
    client.answer({ kind: 'taken', request: 2, size: 0, chunk: chunkOf(5) })
    const returns = sent.flatMap((message) => (message.kind === 'turn' ? message.returns : []))
    assert.deepEqual(returns, [4, 5])
    assert.equal(await client.take(0, false), undefined)
  })

  it('refuses what cannot be copied, and a thread that cannot wait', async () => {
    const { client } = create()
    assert.throws(() => client.emit(() => 1, undefined), { code: 'ERR_EISENMP_CLONE' })
    await assert.rejects(client.put(0, [Symbol('x')], undefined, false), { code: 'ERR_EISENMP_CLONE' })
    assert.throws(() => client.takeSync(0), { code: 'ERR_EISENMP_OPTION', message: /use take\(\)/ })
    assert.throws(() => client.putSync(0, 1, undefined), { message: /use put\(\)/ })
    const put = client.put(1, 1, undefined, false)
    client.answer({ kind: 'done', request: 1, closedQueue: 1 })
    await assert.rejects(put, { code: 'ERR_EISENMP_QUEUE', message: /'b'.*closed/ })
  })
})
