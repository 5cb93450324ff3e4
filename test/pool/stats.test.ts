import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { createBooks } from '../../src/dispatch/books.ts'
import { type WorkerStats, readStats } from '../../src/pool/stats.ts'
import { WorkerSeat } from '../../src/pool/worker-seat.ts'
import { toFixture } from '../support/live-worker.ts'
import { waitUntil } from '../support/wait-until.ts'

it('readStats() tells of seats in every state', async () => {
  const modules = [{ url: toFixture('contract.worker.ts'), export: 'default' }]
  const nothing = (): void => {}
  const events = { ready: nothing, results: nothing, loop: () => true, gone: nothing, startFailed: nothing }
  const seat = new WorkerSeat(
    3,
    createInlineBackend(),
    { modules, config: undefined, queues: [], startTimeoutMs: 10_000 },
    events,
  )
  let isBusy = false
  const codecs = { integers: 1, doubles: 2, booleans: 3, strings: 4, rows: 5, views: 6, dates: 7, clone: 8 }
  const books = { ...createBooks(), pulled: 10, ok: 6, failed: 1 }
  const read = () => readStats({ backend: 'inline', books, codecs, seats: [seat], queues: [], isBusy: () => isBusy })
  assert.equal(read().workers[0]?.state, 'empty')
  seat.start()
  assert.equal(read().workers[0]?.state, 'starting')
  await waitUntil(() => seat.state === 'ready', 'ready')
  const [{ rssMb, lagMs: _lag, utilization: _share, ...rest }] = read().workers as [WorkerStats]
  assert.ok(rssMb! > 1)
  assert.deepEqual(
    [rest],
    [
      {
        id: '3.1',
        index: 3,
        name: 'eisenmp-3',
        pid: process.pid,
        threadId: undefined,
        state: 'idle',
        items: 0,
        restarts: 0,
        cpuMs: undefined,
        cores: undefined,
        nice: undefined,
        pinning: undefined,
        priority: undefined,
      },
    ],
  )
  isBusy = true
  assert.equal(read().workers[0]?.state, 'busy')
  const { workers: _, ...whole } = read()
  assert.deepEqual(whole, { ...books, backend: 'inline', inFlight: 3, writtenOff: 0, codecs, queues: [] })
  seat.end()
  assert.equal(read().workers[0]?.state, 'ending')
  await waitUntil(() => seat.state === 'empty', 'its end')
  seat.start()
  assert.equal(read().workers[0]?.restarts, 1)
  seat.end()
  await waitUntil(() => seat.state === 'empty', 'its end')
})
