import assert from 'node:assert/strict'
import { after, afterEach, describe, it } from 'node:test'
import { type Pool, type WorkerStats, createPool } from '../../src/index.ts'
import type * as Burden from '../fixtures/burden.worker.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const modules = new URL('../fixtures/burden.worker.ts', import.meta.url)
const folder = new TempFolder()
after(() => folder.remove())

for (const backend of ['threads', 'processes'] as const) {
  describe(`stats() of a pool of ${backend}`, () => {
    let pool: Pool<typeof Burden>
    afterEach(() => pool.destroy())

    it(
      'tells CPU time and memory of each worker',
      { skip: process.platform !== 'linux' && 'only Linux tells' },
      async () => {
        pool = await createPool<typeof Burden>({ modules, backend, workers: 1 })
        const [before] = pool.stats().workers
        await pool.run('compute', 100)
        const [then] = pool.stats().workers
        assert.ok(then!.cpuMs! > before!.cpuMs!, `${before!.cpuMs} and ${then!.cpuMs}`)
        assert.ok(then!.rssMb! > 10)
        await pool.close()
        assert.deepEqual(
          pool.stats().workers.map(({ cpuMs, rssMb }) => [cpuMs, rssMb]),
          [[undefined, undefined]],
        )
      },
    )

    it('tells which worker holds its event loop up, and that it does so no longer', async () => {
      pool = await createPool<typeof Burden>({ modules, backend, workers: 2 })
      await pool.resize(2)
      const read = (): readonly WorkerStats[] => pool.stats().workers
      assert.deepEqual(
        read().map(({ lagMs }) => lagMs),
        [undefined, undefined],
      )
      await waitUntil(() => read().every(({ lagMs }) => lagMs !== undefined), 'the first answers')
      const gate = `${folder.path}/${backend}`
      const blocked = pool.run('blockUntil', gate)
      const lagOf = (which: WorkerStats['state']): number =>
        read().find(({ state }) => state === which)?.lagMs ?? Number.NaN
      await waitUntil(() => lagOf('busy') > 200, 'the lag of the blocked one')
      await waitUntil(() => lagOf('idle') < 200, 'the other one')
      folder.write(backend, '')
      await blocked
      await waitUntil(() => read().every(({ lagMs }) => lagMs! < 200), 'the end of the lag')
      await waitUntil(() => read().every(({ utilization }) => utilization! < 0.9), 'low utilization')
      await pool.close()
      assert.deepEqual(
        read().map(({ lagMs }) => lagMs),
        [undefined, undefined],
      )
    })
  })
}

it('stats() of an inline pool knows what the program knows', async () => {
  const pool = await createPool<typeof Burden>({ modules, backend: 'inline', workers: 1 })
  pool.stats()
  await waitUntil(() => pool.stats().workers[0]!.lagMs !== undefined, 'the answer')
  const { cpuMs, rssMb } = pool.stats().workers[0]!
  assert.deepEqual([cpuMs, rssMb! > 10], [undefined, true])
  await pool.close()
})
