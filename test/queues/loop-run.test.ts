import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FromLoop } from '../../src/protocol/loop-messages.ts'
import { LoopRun } from '../../src/queues/loop-run.ts'
import { QueueClient } from '../../src/queues/queue-client.ts'

/** Answers each request at once. */
function create(task: (toolbox: unknown) => unknown): { run: LoopRun; sent: FromLoop[]; client: QueueClient } {
  const sent: FromLoop[] = []
  const client: QueueClient = new QueueClient(
    {
      portable: false,
      send(message) {
        sent.push(message)
        if (message.kind === 'turn' && message.request !== 0) client.answer({ kind: 'done', request: message.request })
      },
    },
    ['a'],
  )
  return {
    run: new LoopRun({ loop: 4, name: 'task', task, toolbox: undefined, client, portable: false }),
    sent,
    client,
  }
}

describe('LoopRun', () => {
  it('calls until false, and tells the end once', async () => {
    let calls = 0
    const { run, sent } = create(() => ++calls < 3)
    await run.run()
    assert.equal(calls, 3)
    assert.deepEqual(
      sent.map((message) => message.kind === 'turn' && message.ended),
      [true],
    )
  })

  it('goes on when a call gives nothing, until it is stopped', async () => {
    let calls = 0
    const { run } = create(() => {
      if (++calls === 5) run.stop()
    })
    await run.run()
    assert.equal(calls, 5)
  })

  it('tells what a call throws, and calls again', async () => {
    let calls = 0
    const { run, sent } = create(() => {
      if (++calls === 1) throw new RangeError('first')
      return false
    })
    await run.run()
    const [thrown] = sent
    assert.ok(thrown?.kind === 'turn' && thrown.error?.kind === 'error')
    assert.equal(thrown.error.parts.message, 'first')
  })
})
