import assert from 'node:assert/strict'
import { it } from 'node:test'
import { EisenmpError, createPool } from '../../src/index.ts'
import { readAllowedCores } from '../../src/supervisor/allowed-cores.ts'
import { createRandom } from '../chaos/random.ts'
import { assertBooksAgree, count } from '../contracts/pool-contract.ts'
import type * as Burden from '../fixtures/burden.worker.ts'
import { findTaskset } from '../support/taskset.ts'
import { within } from '../support/wait-until.ts'

const modules = new URL('../fixtures/burden.worker.ts', import.meta.url)
const seed = Number(process.env['EISENMP_SEED'] ?? Math.floor(Math.random() * 1_000_000))
const allowed = readAllowedCores() ?? []
const isPinned = findTaskset() === false

const ITEMS = 400
const TURNS = 8
const MOST = 4

for (const backend of ['threads', 'processes'] as const) {
  it(`a pool of ${backend} loses nothing while it is resized and its workers die, seed ${seed}`, async () => {
    const random = createRandom(seed)
    const pick = (most: number): number => 1 + Math.floor(random() * most)
    const pool = await createPool<typeof Burden>({
      modules,
      backend,
      workers: 2,
      retries: { crash: 1 },
      restarts: { max: 1000 },
      ...(isPinned ? ({ cores: 'each', nice: 5 } as const) : {}),
    })
    try {
      let turn = 0
      const pending: Promise<unknown>[] = []
      const results: number[] = []
      for await (const value of pool.from(count(ITEMS), { chunk: 3 }).map('answer')) {
        results.push(value as number)
        if (results.length % (ITEMS / TURNS) !== 0) continue
        turn += 1
        const resized = pool.resize(pick(MOST))
        if (random() < 0.5) await within(resized, `resize() in turn ${turn}`)
        else pending.push(resized)
        if (random() < 0.5) pending.push(pool.run('die').catch((error: unknown) => error))
      }
      const outcomes = await within(Promise.all(pending), 'all calls')
      for (const outcome of outcomes) assert.ok(outcome === undefined || EisenmpError.is(outcome, 'ERR_EISENMP_CRASH'))
      assert.deepEqual(results, count(ITEMS))
      const size = pick(MOST)
      await within(pool.resize(size), 'the last size')
      const { workers } = pool.stats()
      assert.deepEqual(
        workers.map(({ index, state }) => [index, state]),
        count(size).map((index) => [index, 'idle']),
      )
      if (isPinned) {
        assert.deepEqual(
          workers.map(({ cores, pinning, nice, priority }) => [cores, pinning, nice, priority]),
          count(size).map((index) => [[allowed[index % allowed.length]], 'pinned', 5, 'set']),
        )
      }
      assertBooksAgree(pool.stats())
    } finally {
      await within(pool.close(), 'close()')
    }
  })
}
