import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { beforeEach, describe, it } from 'node:test'
import type { DispatchEvent, Rejection } from '../../src/dispatch/events.ts'
import { EisenmpError } from '../../src/errors.ts'
import { CallJob } from '../../src/pool/call-job.ts'
import type { Program } from '../../src/protocol/messages.ts'
import { encodeError } from '../../src/protocol/wire-error.ts'

const program: Program = { stages: [{ kind: 'map', task: 'work' }], sink: { kind: 'values' } }

describe('CallJob', () => {
  let posted: DispatchEvent[]
  let calls: CallJob
  beforeEach(() => {
    posted = []
    calls = new CallJob({ post: (event) => void posted.push(event), isPortable: true })
  })

  function reject(serial: number): Rejection {
    return { type: 'reject', job: 0, serial, index: 0, cause: 'task', attempt: 1, worker: '0.1', deaths: [] }
  }

  it('opens as a job without a window that is never pulled', () => {
    const spec = { window: Infinity, ordered: false, pulls: false, splits: false }
    assert.deepEqual(posted, [{ type: 'opened', job: 0, spec }])
  })

  it('adds each call as a chunk of one item, and copies the item at once', () => {
    const item = { n: 1 }
    void calls.call(program, item, undefined)
    void calls.call(program, 2, undefined)
    item.n = 9
    assert.deepEqual(posted.slice(1), [
      { type: 'added', job: 0, serial: 0, count: 1 },
      { type: 'added', job: 0, serial: 1, count: 1 },
    ])
    assert.deepEqual(calls.describe(0), { program, items: [{ n: 1 }] })
    assert.equal(calls.size, 2)
  })

  it('resolves the call that is meant, and is through with it', async () => {
    const results = [calls.call(program, 1, undefined), calls.call(program, 2, undefined)]
    calls.accept(1, 0, 1, ['second'])
    calls.accept(0, 0, 1, ['first'])
    assert.deepEqual(await Promise.all(results), ['first', 'second'])
    assert.deepEqual(posted.slice(-2), [
      { type: 'consumed', job: 0, serial: 1 },
      { type: 'consumed', job: 0, serial: 0 },
    ])
    assert.ok(calls.isTaken)
    assert.equal(calls.describe(0), undefined)
  })

  it('rejects with the item as the caller has it', async () => {
    const item = { n: 1 }
    const call = calls.call(program, item, undefined)
    calls.reject(reject(0), encodeError(new RangeError('no luck'), true))
    await assert.rejects(call, (error) => {
      assert.ok(EisenmpError.is(error, 'ERR_EISENMP_TASK'))
      assert.equal(error.item, item)
      assert.deepEqual(error.ticket, { queue: 'calls', serial: 0 })
      return true
    })
    assert.deepEqual(posted.at(-1), { type: 'consumed', job: 0, serial: 0 })
  })

  it('refuses an item that cannot travel without adding it', async () => {
    await assert.rejects(calls.call(program, { f: () => {} }, undefined), {
      code: 'ERR_EISENMP_CLONE',
      message: "Cannot send the item of 'work': item.f: function f cannot be copied",
    })
    assert.equal(posted.length, 1)
  })

  it('cancels a call when its signal fires, and lets the signal go in any case', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const results = [0, 1, 2].map((n) => calls.call(program, n, controller.signal))
    calls.accept(0, 0, 1, ['done'])
    calls.reject(reject(1), encodeError('no', true))
    assert.equal(getEventListeners(controller.signal, 'abort').length, 1)
    controller.abort(reason)
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
    assert.equal(await results[0], 'done')
    await assert.rejects(results[1]!, { code: 'ERR_EISENMP_TASK' })
    await assert.rejects(results[2]!, reason)
    assert.deepEqual(posted.at(-1), { type: 'cancelled', job: 0, serial: 2 })
    await assert.rejects(calls.call(program, 3, controller.signal), reason)
  })

  it('drops an outcome that nobody waits for any more', () => {
    const controller = new AbortController()
    void calls.call(program, 1, controller.signal).catch(() => {})
    controller.abort()
    calls.accept(0, 0, 1, ['late'])
    calls.reject(reject(0), undefined)
    assert.equal(calls.size, 0)
  })

  it('fails all calls at once', async () => {
    const reason = new Error('closed')
    const results = [calls.call(program, 1, undefined), calls.call(program, 2, undefined)]
    calls.fail(reason)
    for (const result of results) await assert.rejects(result, reason)
    assert.equal(calls.size, 0)
  })
})
