import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, afterEach, before, describe, it } from 'node:test'
import { type Pool, type TelemetryEvents, createPool } from '../../src/index.ts'
import { runProgram } from '../support/run-program.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

type Beat = TelemetryEvents['eisenmp:worker:heartbeat']

const watchdog = new URL('../../src/mates/watchdog.ts', import.meta.url)
const folder = new TempFolder()
folder.write('package.json', '{ "type": "module" }')
const main = folder.write(
  'main.ts',
  `export const spin = (ms: number): number => { const end = performance.now() + ms; while (performance.now() < end); return ms }
   export const wait = (ms: number): Promise<number> => new Promise((resolve) => setTimeout(resolve, ms, ms))
   const kept: unknown[] = []
   const fill = (n: number): number => kept.push(Array.from({ length: n }, (_, i) => ({ i })))
   export const spinTurn = async (): Promise<boolean> => { await wait(5); spin(300); return true }
   export const longTurn = async (): Promise<boolean> => { await wait(500); return true }
   export const fillTurn = async (): Promise<boolean> => { await wait(5); fill(100_000); return true }
   export const openTurn = async (): Promise<boolean> => { await wait(5); setInterval(() => {}, 1e6); return true }`,
)

const beats: Beat[] = []
const listen = (beat: unknown): void => void beats.push(beat as Beat)
before(() => subscribe('eisenmp:worker:heartbeat', listen))
afterEach(() => void beats.splice(0))
after(() => {
  unsubscribe('eisenmp:worker:heartbeat', listen)
  folder.remove()
})

for (const backend of ['threads', 'processes'] as const) {
  describe(`the watchdog, ${backend}`, () => {
    const open = (options: object, workers = 1): Promise<Pool> =>
      createPool({ modules: [main, watchdog], backend, workers, config: { watchdog: { print: false, ...options } } })

    it('tells of every worker, at an interval, until it leaves', async () => {
      const pool = await open({ intervalMs: 20 }, 2)
      await waitUntil(
        () => [0, 1].every((index) => beats.some((beat) => beat.index === index && beat.beat >= 3)),
        'beats',
      )
      await pool.close()
      const { worker, lagMs, heapMb, handles, task } = beats.find(({ index }) => index === 0)!
      assert.equal(worker, '0.1')
      assert.ok(lagMs >= 0 && heapMb > 1 && typeof handles === 'object')
      assert.equal(task, undefined)
      const numbers = beats.filter(({ index }) => index === 0).map(({ beat }) => beat)
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1),
      )
    })

    it('tells of what is in work', async () => {
      const pool = await open({ intervalMs: 20 })
      const waiting = pool.run('wait', 100_000).catch(() => {})
      await waitUntil(() => beats.some(({ task }) => task === 'items'), 'the task')
      const { forMs } = beats.findLast(({ task }) => task === 'items')!
      assert.ok(forMs! >= 0)
      await pool.destroy()
      await waiting
    })

    it('sees nothing while its thread is blocked, and tells of the lag afterwards', async () => {
      const pool = await open({ intervalMs: 20 })
      await waitUntil(() => beats.length > 2, 'beats')
      beats.splice(0)
      await pool.run('spin', 400)
      await waitUntil(() => beats.some(({ lagMs }) => lagMs > 300), 'the lag')
      await pool.close()
    })

    const limits: readonly (readonly [name: string, loop: string, limit: number])[] = [
      ['maxLagMs', 'spinTurn', 100],
      ['maxHeapMb', 'fillTurn', 60],
      ['maxHandles', 'openTurn', 30],
      ['maxBusyMs', 'longTurn', 100],
    ]
    for (const [name, loop, limit] of limits) {
      it(`stops its worker beyond ${name}, and says so`, async () => {
        const pool = await open({ intervalMs: 20, [name]: limit })
        await pool.loop(loop)
        await waitUntil(() => beats.some(({ crossed }) => crossed !== undefined), 'the telling beat')
        const told = beats.filter(({ crossed }) => crossed !== undefined)
        assert.equal(told.length, 1)
        assert.match(told[0]!.crossed!, new RegExp(`^${name} is ${limit}, and it has come to \\d+$`))
        await pool.close()
      })
    }

    it('prints a line for each beat, warns when it stops its worker, and keeps no program alive', async () => {
      const { code, stdout, stderr } = await runProgram('watched.ts', backend)
      assert.equal(code, 0, stderr)
      const lines = stdout.trimEnd().split('\n')
      assert.equal(lines.pop(), 'the end')
      const shape = /^watchdog 0\.1: beat \d+, lag \d+ ms, heap \d+\.\d MB, \d+ handles, (idle|at linger for \d+ ms)$/
      for (const line of lines) assert.match(line, shape)
      assert.ok(lines.some((line) => line.includes('at linger')))
      assert.match(stderr, /warn: watchdog: maxBusyMs is 100, and it has come to \d+; it stops worker 0\.1\n/)
    })

    it('refuses options that are none, before the main module is loaded', async () => {
      for (const [options, says] of [
        [{ intervall: 20 }, /Cannot use option 'intervall' of config\.watchdog: there is no such option; did you mean/],
        [
          { intervalMs: 0 },
          /Cannot use option 'intervalMs' of config\.watchdog: it is 0; it must be a time in ms from 10/,
        ],
        [{ maxLagMs: '5' }, /Cannot use option 'maxLagMs' of config\.watchdog: it is "5"/],
      ] as const) {
        await assert.rejects(open(options), (error: Error & { code: string }) => {
          assert.equal(error.code, 'ERR_EISENMP_MODULE')
          assert.match(error.message, says)
          return true
        })
      }
    })
  })
}
