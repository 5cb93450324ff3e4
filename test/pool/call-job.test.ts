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
    calls = new CallJob({ post: (event) => void posted.push(event), countWorkers: () => 2, isPortable: true })
  })

  /** Asks for so many chunks, as free workers do. */
  async function pull(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) {
      calls.pull()
      await Promise.resolve()
    }
  }

  /** One call goes out, and its answer tells how long calls take. */
  async function measure(ms: number): Promise<void> {
    const first = calls.call(program, 'first', undefined)
    await pull()
    calls.observe(0, 1, ms)
    calls.accept(0, 0, 1, ['measured'])
    assert.equal(await first, 'measured')
    posted.length = 0
  }

  function added(): unknown[] {
    return posted.flatMap((event) => (event.type === 'added' ? [[event.serial, event.count]] : []))
  }

  function reject(serial: number): Rejection {
    return { type: 'reject', job: 0, serial, index: 0, cause: 'task', attempt: 1, worker: '0.1', deaths: [] }
  }

  it('opens as a job without a window', () => {
    const spec = { window: Infinity, ordered: false, pulls: true, splits: false }
    assert.deepEqual(posted, [{ type: 'opened', job: 0, spec }])
  })

  it('gives calls out one by one while their time is not known, and copies the item at once', async () => {
    const item = { n: 1 }
    void calls.call(program, item, undefined)
    void calls.call(program, 2, undefined)
    item.n = 9
    assert.deepEqual(added(), [], 'nobody has asked')
    await pull(3)
    assert.deepEqual(added(), [
      [0, 1],
      [1, 1],
    ])
    assert.deepEqual(calls.describe(0, 0, 1), { program, items: [{ n: 1 }] })
    assert.equal(calls.size, 2)
    void calls.call(program, 3, undefined)
    await Promise.resolve()
    assert.deepEqual(added().at(-1), [2, 1], 'the third pull was still open')
  })

  it('lets short calls of one turn travel together, an even share for each worker', async () => {
    await measure(0.01)
    await pull()
    for (let n = 0; n < 100; n++) void calls.call(program, n, undefined)
    assert.deepEqual(added(), [], 'the turn is not over')
    await Promise.resolve()
    assert.deepEqual(added(), [[1, 4]], 'as with any chunk, the size grows')
    calls.observe(1, 4, 0.04)
    await pull()
    assert.deepEqual(added().at(-1), [2, 16])
    assert.deepEqual(calls.describe(2, 14, 2)?.items, [18, 19])
    calls.observe(2, 16, 0.16)
    await pull()
    assert.deepEqual(added().at(-1), [3, 20], 'a quarter of the 80 that are left')
    for (let i = 0; i < 10; i++) calls.observe(3, 20, 0.002)
    await pull()
    assert.deepEqual(added().at(-1), [4, 60], 'all the others: what takes less than 0.1 ms is not divided')
  })

  it('never joins long calls, calls of other tasks, or calls that can be cancelled', async () => {
    await measure(0.05)
    const { signal } = new AbortController()
    const other = { ...program }
    const signals = [undefined, signal, undefined, undefined, undefined, undefined, undefined, undefined, undefined]
    for (const each of signals) void calls.call(program, 1, each)
    void calls.call(other, 1, undefined)
    await pull(3)
    assert.deepEqual(added(), [
      [1, 1],
      [2, 1],
      [3, 1],
    ])
    assert.equal(calls.describe(2, 0, 1)?.program, other, 'tasks take turns')
    await pull()
    assert.deepEqual(added().at(-1), [4, 2])
    calls.observe(4, 2, 1000)
    await pull()
    assert.deepEqual(added().at(-1), [5, 1])
  })

  it('settles the calls of a chunk each by itself', async () => {
    await measure(0.001)
    const results = Array.from({ length: 16 }, (_, n) => calls.call(program, n, undefined))
    await pull()
    assert.deepEqual(added(), [[1, 4]])
    calls.accept(1, 0, 1, ['a'])
    calls.reject({ ...reject(1), index: 1 }, encodeError(new RangeError('no luck'), true))
    assert.deepEqual(posted.slice(1), [])
    calls.accept(1, 2, 2, ['c', 'd'])
    assert.deepEqual(posted.at(-1), { type: 'consumed', job: 0, serial: 1 })
    assert.deepEqual(await Promise.all([results[0], results[2], results[3]]), ['a', 'c', 'd'])
    await assert.rejects(results[1]!, { code: 'ERR_EISENMP_TASK', item: 1, ticket: { queue: 'calls', serial: 2 } })
    assert.equal(calls.size, 12)
  })

  it('gives out all that waits when the pool drains, and at once what comes then', async () => {
    void calls.call(program, 1, undefined)
    void calls.call(program, 2, undefined)
    calls.drain()
    assert.equal(added().length, 2)
    void calls.call(program, 3, undefined)
    await Promise.resolve()
    assert.equal(added().length, 3)
  })

  it('resolves the call that is meant, and is through with it', async () => {
    const results = [calls.call(program, 1, undefined), calls.call(program, 2, undefined)]
    await pull(2)
    calls.accept(1, 0, 1, ['second'])
    calls.accept(0, 0, 1, ['first'])
    assert.deepEqual(await Promise.all(results), ['first', 'second'])
    assert.deepEqual(posted.slice(-2), [
      { type: 'consumed', job: 0, serial: 1 },
      { type: 'consumed', job: 0, serial: 0 },
    ])
    assert.ok(calls.isTaken)
    assert.equal(calls.describe(0, 0, 1), undefined)
  })

  it('rejects with the item as the caller has it', async () => {
    const item = { n: 1 }
    const call = calls.call(program, item, undefined)
    await pull()
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
    await pull(3)
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

  it('forgets calls that are cancelled while they wait', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const given = Array.from({ length: 1000 }, (_, n) => calls.call(program, n, controller.signal))
    const last = calls.call(program, 'last', undefined)
    controller.abort(reason)
    for (const call of given) await assert.rejects(call, reason)
    assert.equal(calls.size, 1)
    await pull()
    assert.deepEqual(calls.describe(0, 0, 1)?.items, ['last'])
    calls.accept(0, 0, 1, ['done'])
    assert.equal(await last, 'done')
  })

  it('drops an outcome that nobody waits for any more', async () => {
    const controller = new AbortController()
    void calls.call(program, 1, controller.signal).catch(() => {})
    await pull()
    controller.abort()
    calls.accept(0, 0, 1, ['late'])
    calls.reject(reject(0), undefined)
    assert.equal(calls.size, 0)
  })

  it('fails all calls at once', async () => {
    const reason = new Error('closed')
    const results = [calls.call(program, 1, undefined), calls.call(program, 2, undefined)]
    await pull()
    calls.fail(reason)
    for (const result of results) await assert.rejects(result, reason)
    assert.equal(calls.size, 0)
  })
})
