import assert from 'node:assert/strict'
import { it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { LoopJob, checkLoopOptions } from '../../src/pool/loop-job.ts'

it('LoopJob asks its policy what becomes of a lost chunk', () => {
  const error = new EisenmpError('ERR_EISENMP_TASK', 'lost')
  assert.equal(new LoopJob(1, 'a', {}).judge(error)?.error, error)
  assert.equal(new LoopJob(1, 'a', { onError: 'skip' }).judge(error), undefined)
  assert.equal(new LoopJob(1, 'a', { onError: () => {} }).judge(error), undefined)
  const own = new Error('own')
  const onError = (): never => {
    throw own
  }
  assert.equal(new LoopJob(1, 'a', { onError }).judge(error)?.error, own)
})

it('checkLoopOptions() refuses what is no queue', () => {
  assert.deepEqual({ ...checkLoopOptions(undefined) }, {})
  for (const options of [{ closes: {} }, { closes: ['mid'] }, { closes: [undefined] }, { onError: 1 }, { close: [] }]) {
    assert.throws(() => checkLoopOptions(options), { code: 'ERR_EISENMP_OPTION' })
  }
})
