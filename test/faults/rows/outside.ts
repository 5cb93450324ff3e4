import assert from 'node:assert/strict'
import { EisenmpError, type PoolStats } from '../../../src/index.ts'
import type * as Faults from '../../fixtures/faults.worker.ts'
import type * as Values from '../../fixtures/values.worker.ts'
import { until, within } from '../deadline.ts'
import type { Row } from '../row.ts'
import { newPath, valuesUrl } from '../scene.ts'

const processes = ['processes'] as const

function readPid(pool: { stats(): PoolStats }): number {
  const { pid } = pool.stats().workers[0]!
  assert.ok(pid > 0)
  return pid
}

/** Signals that somebody else sends to a worker process. */
export const outsideRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'kill -9, SEGV, TERM from outside of an idle worker: it is replaced, the next call is answered',
    covers: ['F11', 'P2', 'P11', 'P13'],
    on: processes,
    async run(scene) {
      const pool = await scene.open<typeof Faults>({ workers: 1 })
      for (const signal of ['SIGKILL', 'SIGSEGV'] as const) {
        const pid = readPid(pool)
        process.kill(pid, signal)
        // It may be sent to the dying one; then it moves.
        assert.deepEqual(await within(signal, pool.run('act', { id: 1 })), { id: 1 })
        assert.notEqual(readPid(pool), pid)
      }
      // A polite signal is for the program to heed, not for its workers.
      const pid = readPid(pool)
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(pid, signal)
      assert.deepEqual(await pool.run('act', { id: 2 }), { id: 2 })
      assert.equal(readPid(pool), pid)
    },
  },
  {
    kind: 'script',
    name: 'kill -9 of a worker that sends 8 MB: the call is answered by the next one',
    covers: ['F11', 'P2', 'P3', 'P13'],
    on: processes,
    async run(scene) {
      const pool = await scene.open<typeof Values>({ modules: valuesUrl, workers: 1 })
      const big = new Uint8Array(8 * 1024 * 1024).fill(3)
      for (const turns of [2, 20]) {
        const answer = pool.run('echo', big)
        const pid = readPid(pool)
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
        process.kill(pid, 'SIGKILL')
        const echoed = (await within('the big answer', answer)) as Uint8Array
        assert.ok(Buffer.from(echoed).equals(big))
      }
    },
  },
  {
    kind: 'script',
    name: 'SIGSTOP past itemTimeoutMs: the retry answers, once',
    covers: ['F11', 'P3', 'P12'],
    on: processes,
    async run(scene) {
      const pool = await scene.open<typeof Faults>({ workers: 1, itemTimeoutMs: 300, retries: { timeout: 1 } })
      const done = await within('run()', pool.run('act', { id: 7, do: 'signal', arg: 'SIGSTOP', once: newPath() }))
      assert.deepEqual(done, { id: 7 })
      const { ok, timeouts } = pool.stats()
      assert.deepEqual({ ok, timeouts }, { ok: 1, timeouts: 1 })
    },
  },
  {
    kind: 'script',
    name: 'kill -9 of a worker that is starting: the start is tried again, nobody is blamed',
    covers: ['F11', 'F15', 'P9', 'P2'],
    on: processes,
    async run(scene) {
      const pool = await scene.open<typeof Faults>({ workers: 1 })
      const call = pool.run('act', { id: 1, do: 'exit', once: newPath() })
      const isStarting = (): boolean => {
        const [worker] = pool.stats().workers
        return worker?.state === 'starting' && worker.restarts === 1 && worker.pid > 0
      }
      await until('the replacement starts', isStarting)
      process.kill(readPid(pool), 'SIGKILL')
      assert.deepEqual(await within('the call', call), { id: 1 })
      assert.equal(scene.starts, 3)
    },
  },
  {
    kind: 'script',
    name: 'an item that kills every worker does not use up the limit of restarts',
    covers: ['P8', 'P9'],
    on: ['threads'],
    async run(scene) {
      const pool = await scene.open<typeof Faults>({ workers: 1, restarts: { max: 0, withinMs: 60_000 } })
      const error: unknown = await pool.run('act', { id: 1, do: 'exit' }).catch((thrown: unknown) => thrown)
      assert.ok(EisenmpError.is(error, 'ERR_EISENMP_CRASH'), String(error))
      assert.equal(error.deaths?.length, 3)
      assert.deepEqual(await pool.run('act', { id: 2 }), { id: 2 })
    },
  },
]
