import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createPool } from '../../src/index.ts'
import { within } from '../support/wait-until.ts'

// What a queue does is in test/contracts/loop-contract.ts.
it('a queue of another pool cannot be fed', async () => {
  const modules = new URL('../fixtures/loops.worker.ts', import.meta.url)
  const pools = [
    await createPool({ modules, backend: 'inline', workers: 1 }),
    await createPool({ modules, backend: 'inline', workers: 1 }),
  ] as const
  assert.throws(() => pools[0].feed([1], { queue: pools[1].queues.input }), {
    code: 'ERR_EISENMP_OPTION',
    message: /none of this pool's/,
  })
  await within(Promise.all(pools.map((pool) => pool.close())), 'close()')
})
