import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { type OpenSource, type Source, isSource, openSource, readLength } from '../../src/stream/source.ts'
import { WatchedSource } from '../support/watched-source.ts'

async function readAll(source: OpenSource): Promise<unknown[]> {
  const items: unknown[] = []
  for (let step = await source.pull(); !step.done; step = await source.pull()) items.push(step.value)
  return items
}

function* countTo(end: number): Generator<number, void, undefined> {
  for (let i = 0; i < end; i++) yield i
}

async function* countLater(end: number): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < end; i++) {
    yield await Promise.resolve(i)
  }
}

function toWebStream(items: Iterable<unknown>): ReadableStream {
  return Readable.toWeb(Readable.from(items)) as ReadableStream
}

/** As in a browser whose streams do not iterate yet. */
function toReaderOnly(stream: ReadableStream): Source<unknown> {
  return { getReader: () => stream.getReader() } as Source<unknown>
}

describe('openSource()', () => {
  const sources: readonly (readonly [name: string, open: () => Source<unknown>])[] = [
    ['an array', () => [0, 1, 2]],
    ['a Set', () => new Set([0, 1, 2])],
    ['a typed array', () => Uint8Array.of(0, 1, 2)],
    ['a generator', () => countTo(3)],
    ['an async generator', () => countLater(3)],
    ['promises in an array', () => [Promise.resolve(0), 1, Promise.resolve(2)]],
    ['a Node stream', () => Readable.from([0, 1, 2])],
    ['a Web stream', () => toWebStream([0, 1, 2])],
    ['a Web stream that does not iterate', () => toReaderOnly(toWebStream([0, 1, 2]))],
  ]
  for (const [name, open] of sources) {
    it(`reads ${name}, to its end and no further`, async () => {
      const source = openSource(open())
      assert.deepEqual(await readAll(source), [0, 1, 2])
      await source.close()
    })
  }

  it('answers at once where the source does', () => {
    assert.deepEqual(openSource(countTo(1)).pull(), { done: false, value: 0 })
    assert.deepEqual(openSource([]).pull(), { done: true })
  })

  it('prefers the async iterator, and takes its values as they are', async () => {
    const value = Promise.resolve(1)
    const source = {
      [Symbol.iterator]: () => assert.fail('the sync one was asked'),
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: { value } }) }),
    }
    assert.deepEqual(await openSource(source as unknown as Source<unknown>).pull(), { done: false, value: { value } })
  })

  it('reads nothing when it is opened', () => {
    const source = new WatchedSource(() => 1)
    openSource(source)
    assert.equal(source.pulls, 0)
  })
})

describe('close()', () => {
  it('calls return() once, however often it is called', async () => {
    const watched = new WatchedSource((i) => i)
    const source = openSource(watched)
    await source.pull()
    await Promise.all([source.close(), source.close()])
    await source.close()
    assert.equal(watched.returns, 1)
    assert.equal(watched.violations, 0)
  })

  it('asks for nothing more, though an answer was awaited', async () => {
    for (const open of [() => new WatchedSource((i) => i), () => toReaderOnly(toWebStream([0, 1, 2]))]) {
      const watched = open()
      const source = openSource(watched)
      const first = source.pull()
      await source.close()
      await first
      assert.deepEqual(await source.pull(), { done: true })
      if (watched instanceof WatchedSource) assert.equal(watched.pulls, 1)
    }
  })

  it('calls no return() when the source has ended or failed by itself', async () => {
    const ended = new WatchedSource((i) => i, 1)
    const one = openSource(ended)
    await readAll(one)
    await one.close()
    assert.equal(ended.returns, 0)
    const failed = new WatchedSource(() => Promise.reject(new Error('no luck')))
    const other = openSource(failed)
    await assert.rejects(async () => await other.pull(), /no luck/)
    await other.close()
    assert.equal(failed.returns, 0)
  })

  it('runs the finally of a generator', async () => {
    let isClosed = false
    function* guarded(): Generator<number, void, undefined> {
      try {
        for (let i = 0; ; i++) yield i
      } finally {
        isClosed = true
      }
    }
    const source = openSource(guarded())
    await source.pull()
    await source.close()
    assert.ok(isClosed)
  })

  it('destroys a Node stream that was being read', async () => {
    const stream = Readable.from(countTo(1000))
    const source = openSource(stream)
    await source.pull()
    // Not once(): it would reject with the AbortError that a stream is destroyed with.
    const closed = new Promise((resolve) => stream.on('close', resolve))
    await source.close()
    await closed
    assert.ok(stream.destroyed)
  })

  for (const [name, wrap] of [
    ['a Web stream', (stream: ReadableStream) => stream],
    ['a Web stream that does not iterate', toReaderOnly],
  ] as const) {
    it(`cancels ${name}`, async () => {
      let isCancelled = false
      const stream = new ReadableStream({
        pull: (controller) => controller.enqueue(1),
        cancel() {
          isCancelled = true
        },
      })
      const source = openSource(wrap(stream) as Source<unknown>)
      await source.pull()
      await source.close()
      assert.ok(isCancelled)
    })
  }

  it('does without return() where there is none', async () => {
    const source = openSource({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) })
    await source.pull()
    await source.close()
  })

  it('rejects with what return() threw', async () => {
    const iterator = {
      next: () => ({ done: false, value: 1 }),
      return() {
        throw new RangeError('stuck')
      },
    }
    const source = openSource({ [Symbol.iterator]: () => iterator })
    await source.pull()
    await assert.rejects(source.close(), RangeError)
  })
})

describe('pull()', () => {
  it('throws what next() throws', async () => {
    const source = openSource(
      (function* fail(): Generator<number, void, undefined> {
        yield 1
        throw new RangeError('no luck')
      })(),
    )
    await source.pull()
    assert.throws(() => source.pull(), RangeError)
  })

  it('closes a source whose promise rejects: it is still open', async () => {
    let returns = 0
    const iterator = {
      next: () => ({ done: false, value: Promise.reject(new RangeError('late')) }),
      return: () => (returns += 1),
    }
    const source = openSource({ [Symbol.iterator]: () => iterator } as unknown as Source<unknown>)
    await assert.rejects(async () => await source.pull(), RangeError)
    await source.close()
    assert.equal(returns, 1)
  })

  for (const [name, result] of [
    ['nothing', undefined],
    ['a number', 5],
    ['a symbol', Symbol('s')],
  ] as const) {
    it(`refuses ${name} for a result`, () => {
      const source = openSource({ [Symbol.iterator]: () => ({ next: () => result }) } as unknown as Source<unknown>)
      assert.throws(() => source.pull(), /^TypeError: Iterator result is .*, not an object$/)
    })
  }

  it('rejects with the error of a stream', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new RangeError('unplugged'))
      },
    })
    await assert.rejects(async () => await openSource(broken).pull(), RangeError)
    const web = toReaderOnly(
      new ReadableStream({ pull: (controller) => controller.error(new RangeError('unplugged')) }),
    )
    await assert.rejects(async () => await openSource(web).pull(), RangeError)
  })
})

describe('isSource()', () => {
  it('is true for what iterates or streams, false for texts and the rest', () => {
    for (const value of [
      [],
      new Map(),
      countTo(1),
      countLater(1),
      Readable.from([]),
      toWebStream([]),
      new Uint8Array(),
    ])
      assert.ok(isSource(value))
    for (const value of ['text', 5, null, undefined, {}, countTo, Promise.resolve([]), { [Symbol.iterator]: 5 }])
      assert.ok(!isSource(value))
  })
})

describe('readLength()', () => {
  it('knows what an array, a typed array, a Set and a Map will give, and nothing of the others', () => {
    assert.equal(readLength([1, 2]), 2)
    assert.equal(readLength(new Float64Array(3)), 3)
    assert.equal(readLength(new Set([1])), 1)
    assert.equal(readLength(new Map([[1, 2]]) as unknown as Source<unknown>), 1)
    assert.equal(readLength(countTo(3)), undefined)
    // It could mean anything.
    assert.equal(readLength(Object.assign(countTo(3), { length: 9, size: 9 })), undefined)
  })
})
