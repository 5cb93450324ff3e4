import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createPool } from '../../src/index.ts'
import type * as Loops from '../fixtures/loops.worker.ts'
import { count } from '../contracts/pool-contract.ts'
import { runProgram } from '../support/run-program.ts'
import { within } from '../support/wait-until.ts'

const modules = new URL('../fixtures/loops.worker.ts', import.meta.url)

// What loops and queues do on every backend is in test/contracts/loop-contract.ts.
it('a feed ends with its signal, and its queue with it', async () => {
  const pool = await createPool<typeof Loops>({ modules, backend: 'inline', workers: 1 })
  const controller = new AbortController()
  const fed = pool.feed(count(1000), { chunk: 1, signal: controller.signal })
  controller.abort(new Error('enough'))
  await assert.rejects(within(fed, 'feed()'), { message: 'enough' })
  assert.ok(pool.queues.input.isClosed)
  await within(pool.close(), 'close()')
})

it('a feed may leave its queue open', async () => {
  const pool = await createPool<typeof Loops>({ modules, backend: 'inline', workers: 1 })
  await within(pool.feed([1, 2], { close: false }), 'feed()')
  assert.ok(!pool.queues.input.isClosed)
  await within(pool.feed([3]), 'feed()')
  assert.ok(pool.queues.input.isClosed)
  await within(pool.loop('sum'), 'loop()')
  assert.deepEqual([...pool.results({ store: true }).get('input')!.values()], [3, 3])
  await within(pool.close(), 'close()')
})

for (const backend of ['threads', 'processes'] as const) {
  it(`Ctrl-C lets the calls of a loop end that are in work, and no other: ${backend}`, async () => {
    const quiet = await runProgram('interrupted-loop.ts', backend)
    assert.deepEqual([quiet.code, quiet.stderr], [130, ''])
    assert.match(quiet.stdout, /^(next\n)*first\n(next\n)*$/)
    const told = await runProgram('interrupted-loop.ts', backend, 'own')
    assert.deepEqual([told.code, told.stderr], [0, ''])
    assert.match(told.stdout, /first\n(next\n)*ERR_EISENMP_INTERRUPTED\nclosed\n$/)
  })
}

it('a loop that fails is told to who reads its results first, and never to nobody', async () => {
  const { code, stdout, stderr } = await runProgram('loop-read.ts')
  assert.deepEqual(stdout.split('\n').slice(0, 4), ['1', '2', 'read ERR_EISENMP_TASK', 'looped ERR_EISENMP_TASK'])
  assert.equal(code, 1)
  assert.match(stderr, /Cannot go on with loop 'throwAtOnce'/)
})
