import assert from 'node:assert/strict'
import { it } from 'node:test'
import { WorkerLoops } from '../../../src/backends/entries/worker-loops.ts'
import type { FromLoop } from '../../../src/protocol/loop-messages.ts'
import { waitUntil } from '../../support/wait-until.ts'

it('WorkerLoops runs loops, tells what they are at, and stops them', async () => {
  const sent: FromLoop[] = []
  let ended = 0
  const loops = new WorkerLoops({
    traits: [],
    portable: false,
    send: (message) => void sent.push(message),
    block: undefined,
    ended: () => (ended += 1),
  })
  const link = loops.createLink(() => undefined)
  let calls = 0
  loops.open(new Map([['count', () => ++calls]]), undefined)
  assert.equal(link.current(), undefined)
  loops.take({ kind: 'loop', loop: 1, task: 'count' })
  assert.equal(loops.count, 1)
  await waitUntil(() => calls > 2, 'calls')
  assert.equal(link.current()?.task, 'count')
  link.print('print', ['a', { b: 1 }])
  link.stop()
  await waitUntil(() => ended === 1, 'ended')
  assert.equal(loops.count, 0)
  assert.deepEqual(sent[0], { kind: 'print', level: 'print', text: 'a { b: 1 }' })
})
