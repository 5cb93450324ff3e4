import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { LoadError } from '../../src/loader/import-tasks.ts'
import { explainExit, explainStart } from '../../src/server/explain-start.ts'
import { LifeRecord } from '../../src/server/life.ts'

const exit = { code: 1, signal: null, reason: 'its process exited with code 1' }

describe('explainStart()', () => {
  it('keeps the original error of a module', () => {
    const cause = new SyntaxError('no')
    const error = explainStart(
      new LifeRecord(0, 0, 0),
      exit,
      new LoadError('it cannot be parsed', 'file:///x.ts', cause),
    )
    assert.deepEqual([error.code, error.cause], ['ERR_EISENMP_MODULE', cause])
    assert.match(error.message, /^Cannot start worker 'main-0': it cannot be parsed/)
  })

  it('tells how a worker ended without a word, and what it printed', () => {
    const life = new LifeRecord(2, 1, 0)
    life.stderr.push(Buffer.from('Segmentation fault\n'))
    const error = explainStart(life, exit, undefined)
    assert.equal(error.code, 'ERR_EISENMP_START')
    assert.match(error.message, /exited with code 1; it printed: Segmentation fault$/)
    assert.deepEqual(
      error.deaths?.map(({ worker, reason }) => [worker, reason]),
      [['main-2', exit.reason]],
    )
  })

  it('calls the end of a worker that was ready a crash', () => {
    const life = new LifeRecord(0, 0, 0)
    life.isReady = true
    assert.equal(explainStart(life, exit, new RangeError('too far')).code, 'ERR_EISENMP_CRASH')
  })

  it('says what to do about one that was not ready in time', () => {
    const life = new LifeRecord(0, 0, 0)
    life.killedFor = 'it was not ready within 30 ms'
    const { message } = explainStart(life, { code: null, signal: 'SIGKILL', reason: 'killed' }, undefined)
    assert.match(message, /^Cannot start worker 'main-0': it was not ready within 30 ms; raise startTimeoutMs, or look/)
  })

  it('names a full heap instead of the page of addresses that is left of it', () => {
    const life = new LifeRecord(0, 0, 0)
    life.stderr.push(
      Buffer.from('FATAL ERROR: Reached heap limit JavaScript heap out of memory\n 1: 0x931db0 [node]\n'),
    )
    const killed = explainExit(life, { code: null, signal: 'SIGABRT', reason: 'its process was ended by SIGABRT' })
    const { message } = explainStart(life, killed, undefined)
    assert.equal(message, "Cannot start worker 'main-0': it ran out of memory: its process was ended by SIGABRT")
    assert.equal(explainExit(life, exit), exit)
  })

  it('leaves errors of ours as they are', () => {
    const own = new EisenmpError('ERR_EISENMP_PORT', 'Cannot listen')
    assert.equal(explainStart(new LifeRecord(0, 0, 0), exit, own), own)
  })
})
