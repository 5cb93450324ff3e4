import assert from 'node:assert/strict'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { afterEach, describe, it } from 'node:test'
import { type Pool, type WorkerStats, createPool } from '../../src/index.ts'
import { readAllowedCores } from '../../src/supervisor/allowed-cores.ts'
import type * as Burden from '../fixtures/burden.worker.ts'
import { runProgram } from '../support/run-program.ts'
import { findTaskset } from '../support/taskset.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const modules = new URL('../fixtures/burden.worker.ts', import.meta.url)
const allowed = readAllowedCores() ?? []
const own = process.platform === 'linux' ? readlinkSync('/proc/thread-self').split('/').at(-1) : undefined
let pool: Pool<typeof Burden>
const read = (): readonly WorkerStats[] => pool.stats().workers

/** The cores that the worker itself finds, beside those of all other threads of its process. */
async function findCores(): Promise<string> {
  const folder = await pool.run('findFolder')
  return /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`${folder}/status`, 'utf8'))![1]!
}

for (const backend of ['threads', 'processes'] as const) {
  describe(`cores and nice of a pool of ${backend}`, { skip: findTaskset() }, () => {
    afterEach(() => pool.destroy())

    it('pins all workers to a list, the replacement of a dead one too, and nobody else', async () => {
      const cores = [allowed.at(-1)!]
      pool = await createPool<typeof Burden>({ modules, backend, workers: 1, cores, retries: { crash: 0 } })
      assert.equal(await findCores(), String(cores[0]))
      await assert.rejects(within(pool.run('die'), 'the death'))
      assert.equal(await within(findCores(), 'the replacement'), String(cores[0]))
      assert.deepEqual(
        read().map((worker) => [worker.restarts, worker.pinning, worker.cores]),
        [[1, 'pinned', cores]],
      )
      assert.deepEqual(readAllowedCores(`/proc/self/task/${own}`), allowed)
    })

    it('gives each worker a core in turn, also those that come later', async () => {
      pool = await createPool<typeof Burden>({ modules, backend, workers: 1, cores: 'each' })
      const workers = allowed.length + 1
      await within(pool.resize(workers), 'one more than cores')
      assert.deepEqual(
        read().map((worker) => [worker.pinning, worker.cores]),
        [...allowed, allowed[0]].map((core) => ['pinned', [core]]),
      )
      await within(pool.resize(1), 'one')
      assert.deepEqual(await pool.from([1, 2, 3]).map('answer').toArray(), [1, 2, 3])
    })

    it('lowers their priority, and leaves the program its own', async () => {
      const before = readFileSync('/proc/self/stat', 'utf8').split(' ')[18]
      pool = await createPool<typeof Burden>({ modules, backend, workers: 2, nice: 7 })
      await pool.resize(2)
      assert.deepEqual(
        read().map(({ nice, priority, pinning }) => [nice, priority, pinning]),
        [
          [7, 'set', undefined],
          [7, 'set', undefined],
        ],
      )
      assert.equal(readFileSync('/proc/self/stat', 'utf8').split(' ')[18], before)
    })

    it('ends with Ctrl-C as other pools do, and leaves no process behind', async () => {
      const { code, stdout, stderr } = await runProgram('pinned.ts', backend, {
        onOutput: (text, child) => void (text.endsWith('\n') && child.kill('SIGINT')),
      })
      assert.deepEqual([code, stderr], [130, ''])
      const lines = stdout.trim().split('\n')
      assert.equal(lines.length, 3)
      for (const line of lines) {
        assert.match(line, /^\d+ pinned$/)
        await waitUntil(() => !existsSync(`/proc/${Number.parseInt(line, 10)}`), 'the end of all processes')
      }
    })

    it('works on where it cannot pin, and says so', async () => {
      const { PATH } = process.env
      process.env['PATH'] = '/nowhere'
      try {
        pool = await createPool<typeof Burden>({ modules, backend, workers: 1, cores: 'each' })
      } finally {
        process.env['PATH'] = PATH
      }
      assert.equal(await pool.run('answer', 5), 5)
      const [{ pinning, cores }] = read() as [WorkerStats]
      assert.deepEqual([pinning, cores], ['not supported: there is no command taskset on this machine', allowed])
    })
  })
}

it('an inline pool says that it cannot pin', async () => {
  pool = await createPool<typeof Burden>({ modules, backend: 'inline', workers: 1, cores: 'each', nice: 5 })
  const [{ pinning, priority, cores, nice }] = read() as [WorkerStats]
  const reason = "not supported: inline workers run in the program's own thread"
  assert.deepEqual([pinning, priority, cores, nice], [reason, reason, undefined, undefined])
  await pool.close()
})

it('a pool refuses a core that is not there, before any worker starts', async () => {
  const missing = new URL('../fixtures/no-such.worker.ts', import.meta.url)
  await assert.rejects(createPool({ modules: missing, cores: [9999] }), {
    code: 'ERR_EISENMP_OPTION',
    message: /^Cannot use option 'cores' of createPool\(\): this program may not use core 9999; it may use \d/,
  })
})
