import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { EisenmpError, type Pool, createPool } from '../../src/index.ts'
import type * as Tasks from '../fixtures/tasks.worker.ts'
import { Gate } from '../support/gate.ts'
import { waitUntil, within } from '../support/wait-until.ts'
import { WatchedSource } from '../support/watched-source.ts'

type Item = Tasks.Gated

let pool: Pool<typeof Tasks>
before(async () => {
  pool = await createPool<typeof Tasks>({
    modules: new URL('../fixtures/tasks.worker.ts', import.meta.url),
    workers: 2,
  })
})
after(() => pool.close())

/** Long enough for whatever is not bounded to go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await pool.run('double', i)
}

describe('the window', () => {
  let gate: Gate
  beforeEach(() => {
    gate = new Gate()
  })
  afterEach(async () => {
    gate.open()
    await waitUntil(() => pool.stats().workers.every(({ state }) => state === 'idle'), 'the workers to be free')
    gate.close()
  })

  /** Endless; the first item is stuck until the gate opens. */
  function createEndless(): WatchedSource<Item> {
    return new WatchedSource((id) => (id === 0 ? { id, gate: gate.path } : { id }))
  }

  for (const [window, chunk] of [
    [1, 1],
    [2, 5],
    [8, 3],
  ] as const) {
    it(`bounds what is read while the first item is stuck: ${window} chunks of ${chunk}`, async () => {
      const source = createEndless()
      const results = pool.from(source, { window, chunk }).map('passGate')[Symbol.asyncIterator]()
      const first = results.next()
      await waitUntil(() => source.pulls === window * chunk, 'the window to be filled')
      await settle()
      assert.equal(source.pulls, window * chunk)
      gate.open()
      assert.deepEqual(await within(first, 'the first result'), { done: false, value: 0 })
      for (let i = 1; i < 50; i++) {
        assert.deepEqual(await results.next(), { done: false, value: i })
        assert.ok(source.pulls <= i + 1 + window * chunk, `${source.pulls} were read when ${i} were taken`)
      }
      await results.return!()
      assert.deepEqual([source.returns, source.violations], [1, 0])
    })
  }

  it('bounds what is read when the consumer is slow, ordered or not', async () => {
    for (const ordered of [true, false]) {
      const source = new WatchedSource((id) => ({ id }))
      const results = pool.from(source, { window: 3, chunk: 2, ordered }).map('passGate')[Symbol.asyncIterator]()
      for (let taken = 1; taken <= 20; taken++) {
        await results.next()
        await settle()
        assert.ok(source.pulls <= taken + 3 * 2 + 1, `${source.pulls} were read when ${taken} were taken`)
      }
      await results.return!()
    }
  })

  it('is 4 chunks for each worker by default', async () => {
    const source = createEndless()
    const results = pool.from(source, { chunk: 1 }).map('passGate')[Symbol.asyncIterator]()
    const first = results.next()
    await waitUntil(() => source.pulls === 8, 'the window to be filled')
    await settle()
    assert.equal(source.pulls, 8)
    gate.open()
    await first
    await results.return!()
  })

  it('lets other chunks out past a stuck one when the order does not matter', async () => {
    const source = createEndless()
    const seen: number[] = []
    for await (const id of pool.from(source, { chunk: 1, window: 2, ordered: false }).map('passGate')) {
      seen.push(id)
      if (seen.length === 20) break
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    gate.open()
  })
})

describe('leaving early', () => {
  it('closes the source once, drops what is in flight, and leaves the pool open', async () => {
    const source = new WatchedSource((i) => i)
    const seen: number[] = []
    for await (const n of pool.from(source, { chunk: 4 }).map('double')) {
      seen.push(n)
      if (n === 10) break
    }
    assert.deepEqual(seen, [0, 2, 4, 6, 8, 10])
    assert.deepEqual([source.returns, source.violations], [1, 0])
    const { pulls } = source
    await settle()
    assert.equal(source.pulls, pulls)
    await waitUntil(() => pool.stats().inFlight === 0, 'the pool to be quiet')
    assert.equal(await pool.run('double', 4), 8)
  })

  it('tells the tasks, whose workers go on', async () => {
    const former = pool.stats().workers.map(({ id }) => id)
    const results = pool.from([1], { chunk: 1 }).map('waitForAbort')[Symbol.asyncIterator]()
    const first = results.next()
    await waitUntil(() => pool.stats().workers.some(({ state }) => state === 'busy'), 'a worker to work')
    await results.return!()
    assert.equal((await first).done, true)
    await waitUntil(() => pool.stats().workers.every(({ state }) => state === 'idle'), 'the worker to be free')
    assert.deepEqual(
      pool.stats().workers.map(({ id }) => id),
      former,
    )
  })

  it('passes on what the loop threw', async () => {
    const source = new WatchedSource((i) => i)
    const reason = new Error('enough')
    const loop = async (): Promise<void> => {
      for await (const n of pool.from(source).map('double')) if (n === 2) throw reason
    }
    await assert.rejects(loop(), reason)
    await assert.rejects(
      pool.from(source).forEach(() => {
        throw reason
      }),
      reason,
    )
    assert.equal(source.returns, 2)
  })

  it('rejects with what the return() of the source threw', async () => {
    const iterator = {
      next: async () => ({ done: false as const, value: 1 }),
      return: () => Promise.reject(new RangeError('stuck')),
    }
    const source: AsyncIterable<number> = { [Symbol.asyncIterator]: () => iterator }
    const loop = async (): Promise<void> => {
      for await (const _ of pool.from(source).map('double')) break
    }
    await assert.rejects(
      loop(),
      (error) => EisenmpError.is(error, 'ERR_EISENMP_SOURCE') && error.cause instanceof RangeError,
    )
  })

  it('does not wait for ever for a return() that hangs', async () => {
    const iterator = {
      next: async () => ({ done: false as const, value: 1 }),
      return: () => new Promise<never>(() => {}),
    }
    const source: AsyncIterable<number> = { [Symbol.asyncIterator]: () => iterator }
    for await (const _ of pool.from(source).map('double')) break
  })
})

describe('signal', () => {
  it('ends the stream with its reason, closes the source, and is not listened to any more', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const source = new WatchedSource((i) => i)
    const loop = async (): Promise<void> => {
      for await (const n of pool.from(source, { signal: controller.signal }).map('double'))
        if (n === 20) controller.abort(reason)
    }
    await assert.rejects(loop(), reason)
    await waitUntil(() => source.returns === 1, 'the source to be closed')
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
    assert.equal(await pool.run('double', 4), 8)
  })

  it('that has fired before lets nothing start', async () => {
    const source = new WatchedSource((i) => i)
    const stream = pool.from(source, { signal: AbortSignal.abort('no') }).map('double')
    await assert.rejects(stream.toArray(), (error) => error === 'no')
    assert.equal(source.pulls, 0)
  })

  it('is let go when the stream ends by itself', async () => {
    const { signal } = new AbortController()
    await pool.from([1, 2], { signal }).map('double').toArray()
    await assert.rejects(pool.from([2], { signal }).map('refuseThird').toArray())
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })

  it('of one stream may be fired by the source of another', async () => {
    const controller = new AbortController()
    function* fire(): Generator<number, void, undefined> {
      for (let i = 0; i < 200; i++) {
        if (i === 100) controller.abort(new Error('fired'))
        yield i
      }
    }
    const other = pool
      .from(new WatchedSource((i) => i), { signal: controller.signal, chunk: 1 })
      .map('double')
      .count()
    const rejected = assert.rejects(other, /fired/)
    assert.equal(await pool.from(fire(), { chunk: 1 }).map('double').count(), 200)
    await within(rejected, 'the other stream')
    await waitUntil(() => pool.stats().inFlight === 0, 'the pool to be quiet')
  })
})

describe('a source that acts on the pool while it is read', () => {
  it('may abort calls that wait', async () => {
    const controllers: AbortController[] = []
    const calls = Array.from({ length: 40 }, async () => {
      const controller = new AbortController()
      controllers.push(controller)
      return pool.run('double', 1, { signal: controller.signal }).catch((error: unknown) => String(error))
    })
    function* abort(): Generator<number, void, undefined> {
      for (let i = 0; i < 100; i++) {
        controllers.pop()?.abort('aborted')
        yield i
      }
    }
    assert.equal(await pool.from(abort(), { chunk: 1 }).map('double').count(), 100)
    for (const outcome of await within(Promise.all(calls), 'the calls'))
      assert.ok(outcome === 2 || outcome === 'aborted')
    await waitUntil(() => pool.stats().inFlight === 0, 'the pool to be quiet')
  })

  it('may abort its own stream', async () => {
    const controller = new AbortController()
    const source = new WatchedSource((i) => {
      if (i === 5) controller.abort('by itself')
      return i
    })
    const stream = pool.from(source, { signal: controller.signal }).map('double')
    await assert.rejects(stream.toArray(), (error) => error === 'by itself')
    function* abort(): Generator<number, void, undefined> {
      yield 1
      again.abort('in sync')
      yield 2
    }
    const again = new AbortController()
    await assert.rejects(
      pool.from(abort(), { signal: again.signal }).map('double').toArray(),
      (error) => error === 'in sync',
    )
  })

  it('may make calls, and destroy the pool', async () => {
    const other = await createPool<typeof Tasks>({
      modules: new URL('../fixtures/tasks.worker.ts', import.meta.url),
      backend: 'inline',
      workers: 2,
    })
    const waiting: Promise<unknown>[] = []
    let destroyed: Promise<void> | undefined
    function* destroy(): Generator<number, void, undefined> {
      for (let i = 0; ; i++) {
        waiting.push(other.run('double', i).catch((error: unknown) => error))
        if (i === 50) destroyed = other.destroy()
        yield i
      }
    }
    const stream = other.from(destroy(), { chunk: 1 }).map('double').count()
    await assert.rejects(within(stream, 'the stream'), (error) => EisenmpError.is(error, 'ERR_EISENMP_CLOSED'))
    await within(destroyed!, 'destroy()')
    const outcomes = await within(Promise.all(waiting), 'the calls')
    for (const outcome of outcomes)
      assert.ok(typeof outcome === 'number' || EisenmpError.is(outcome, 'ERR_EISENMP_CLOSED'))
  })
})

describe('many at a time', () => {
  it('two streams and 40,000 calls share the workers fairly', async () => {
    const done = { first: 0, second: 0, calls: 0 }
    const calls = Array.from({ length: 40_000 }, async () => {
      await pool.run('spin', 0.02)
      done.calls += 1
    })
    const run = async (name: 'first' | 'second'): Promise<typeof done> => {
      const items = Array.from({ length: 300 }, () => 0.02)
      await pool
        .from(items, { chunk: 1 })
        .map('spin')
        .forEach(() => (done[name] += 1))
      return { ...done }
    }
    const [first, second] = await Promise.all([run('first'), run('second')])
    const sooner = first.first + first.second < second.first + second.second ? first : second
    // They take turns: when one stream is through, the other has come about as far, and a turn of the calls is up to 1 ms.
    assert.ok(Math.min(sooner.first, sooner.second) > 150, `${sooner.first}, ${sooner.second}`)
    assert.ok(sooner.calls > 150 && sooner.calls < 35_000, `calls: ${sooner.calls}`)
    await Promise.all(calls)
    assert.equal(done.calls, 40_000)
  })

  it('a long stream does not keep a call waiting', async () => {
    const source = new WatchedSource(() => 1)
    const stream = pool.from(source).map('spin')[Symbol.asyncIterator]()
    void stream.next()
    for (let i = 0; i < 10; i++) assert.equal(await within(pool.run('double', i), 'a call', 5000), 2 * i)
    await stream.return!()
  })

  it('streams in streams come to their end', async () => {
    let sum = 0
    for await (const n of pool.from([1, 2, 3]).map('double'))
      sum += await pool.from([n, n]).map('double').reduce('add', 0)
    assert.equal(sum, 48)
  })
})

it('a million numbers are counted', async () => {
  function* count(): Generator<number, void, undefined> {
    for (let i = 0; i < 1_000_000; i++) yield i
  }
  assert.equal(await pool.from(count()).filter('isEven').count(), 500_000)
})
