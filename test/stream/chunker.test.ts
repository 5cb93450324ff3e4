import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RefusedValue } from '../../src/codec/refused-value.ts'
import { Chunker, type ChunkerOptions, type Pulled } from '../../src/stream/chunker.ts'
import { type OpenSource, type Source, type Step, openSource } from '../../src/stream/source.ts'
import { WatchedSource } from '../support/watched-source.ts'

const defaults: ChunkerOptions = {
  size: () => 4,
  maxBytes: Infinity,
  maxCollectMs: Infinity,
  isEager: () => false,
  snapshot: (value) => ({ value, bytes: 1 }),
  now: () => 0,
  defer: (callback) => setImmediate(callback),
}

function open(source: Source<unknown>, options: Partial<ChunkerOptions> = {}): Chunker {
  return new Chunker(openSource(source), { ...defaults, ...options })
}

/** The odd ones come in arrays: plain numbers are never refused. */
function refuseOdd(value: unknown): { value: unknown; bytes: number } {
  const number = Number(value)
  if (number % 2 === 1) throw new RefusedValue('clone', `item ${number}`)
  return { value: number, bytes: 1 }
}

/** A source whose answers are given by hand. */
class HandFed implements OpenSource {
  readonly #waiting: PromiseWithResolvers<Step>[] = []
  closes = 0

  pull(): Promise<Step> {
    const step = Promise.withResolvers<Step>()
    this.#waiting.push(step)
    return step.promise
  }

  takePlain(): number {
    return 0
  }

  async close(): Promise<void> {
    this.closes += 1
  }

  get asked(): number {
    return this.#waiting.length
  }

  async give(value: unknown): Promise<void> {
    this.#waiting.at(-1)!.resolve({ done: false, value })
    // Whoever waits for a turn of the loop has had it.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

async function readAll(chunker: Chunker): Promise<Pulled[]> {
  const all: Pulled[] = []
  for (;;) {
    const pulled = await chunker.pull()
    all.push(pulled)
    if (pulled.kind === 'ended' || pulled.kind === 'failed' || (pulled.kind === 'chunk' && pulled.ended)) return all
  }
}

function toItems(all: readonly Pulled[]): unknown[] {
  return all.flatMap((pulled) => {
    if (pulled.kind === 'chunk') return pulled.items
    return pulled.kind === 'refused' ? [`refused ${pulled.item as number}`] : []
  })
}

describe('Chunker', () => {
  it('cuts a source into chunks of the size asked for, and tells of the end with the last one', async () => {
    const sizes = [1, 2, 3, 4]
    const chunker = open([1, 2, 3, 4, 5, 6, 7], { size: () => sizes.shift()! })
    assert.deepEqual(await readAll(chunker), [
      { kind: 'chunk', items: [1], ended: false },
      { kind: 'chunk', items: [2, 3], ended: false },
      { kind: 'chunk', items: [4, 5, 6], ended: false },
      { kind: 'chunk', items: [7], ended: true },
    ])
  })

  it('answers at once where the source does', () => {
    assert.deepEqual(open([1, 2]).pull(), { kind: 'chunk', items: [1, 2], ended: true })
    assert.deepEqual(open([]).pull(), { kind: 'ended' })
  })

  it('says how much was read before when it asks for a size', async () => {
    const asked: number[] = []
    await readAll(
      open([1, 2, 3, 4, 5], {
        size(pulled) {
          asked.push(pulled)
          return 2
        },
      }),
    )
    assert.deepEqual(asked, [0, 2, 4])
  })

  it('gives every item once and in order, in chunks of at most the size, however slow the source is', async () => {
    const delays = fc.array(fc.nat(2), { maxLength: 40 })
    const size = fc.integer({ min: 1, max: 9 })
    await fc.assert(
      fc.asyncProperty(delays, size, fc.boolean(), async (waits, limit, isEager) => {
        const source = new WatchedSource(async (i) => {
          for (let turn = 0; turn < waits[i]!; turn++) await new Promise((resolve) => setImmediate(resolve))
          return i
        }, waits.length)
        const all = await readAll(open(source, { size: () => limit, isEager: () => isEager }))
        assert.deepEqual(toItems(all), [...waits.keys()])
        for (const pulled of all) if (pulled.kind === 'chunk') assert.ok(pulled.items.length <= limit)
        assert.equal(source.violations, 0)
      }),
      { numRuns: 50 },
    )
  })

  it('sends what is there when the bytes reach the limit', async () => {
    // Plain strings are not looked at: 8 bytes each and one for each unit. Of the others the snapshot tells.
    const chunker = open(['aaa', ['b'], 'cccccccccccc', ['dd'], 'e'], {
      maxBytes: 20,
      snapshot: (value) => ({ value, bytes: 9 }),
    })
    assert.deepEqual(toItems([await chunker.pull()]), ['aaa', ['b']])
    assert.deepEqual(toItems([await chunker.pull()]), ['cccccccccccc'])
    assert.deepEqual(toItems([await chunker.pull()]), [['dd'], 'e'])
  })

  it('sends what is there when collecting takes too long', async () => {
    let now = 0
    const chunker = open(
      Array.from({ length: 100 }, (_, i) => i),
      { size: () => 100, maxCollectMs: 10, now: () => (now += 6) },
    )
    assert.deepEqual(toItems([await chunker.pull()]).length, 32)
  })

  it('waits for a slow source as long as no worker is free, then sends what is there', async () => {
    const source = new HandFed()
    let isFree = false
    const chunker = new Chunker(source, { ...defaults, isEager: () => isFree })
    const pulled = chunker.pull() as Promise<Pulled>
    await source.give(1)
    await source.give(2)
    chunker.nudge()
    assert.equal(source.asked, 3)
    isFree = true
    chunker.nudge()
    assert.deepEqual(await pulled, { kind: 'chunk', items: [1, 2], ended: false })
    // The answer that was awaited is not lost, nor asked for twice.
    isFree = false
    const next = chunker.pull() as Promise<Pulled>
    await source.give(3)
    assert.equal(source.asked, 4)
    isFree = true
    chunker.nudge()
    assert.deepEqual(await next, { kind: 'chunk', items: [3], ended: false })
  })

  it('sends each item of a slow source at once when a worker is free', async () => {
    const source = new HandFed()
    const chunker = new Chunker(source, { ...defaults, isEager: () => true })
    for (const item of ['a', 'b']) {
      const pulled = chunker.pull() as Promise<Pulled>
      await source.give(item)
      assert.deepEqual(await pulled, { kind: 'chunk', items: [item], ended: false })
    }
  })

  it('fills the chunk from a source that answers by promises alone, though a worker is free', async () => {
    const chunker = open(new WatchedSource((i) => i, 10), { isEager: () => true })
    assert.deepEqual(toItems(await readAll(chunker)).length, 10)
    const again = open(new WatchedSource((i) => i), { isEager: () => true })
    assert.deepEqual(toItems([await again.pull()]), [0, 1, 2, 3])
  })

  it('keeps a refused item in its place', async () => {
    const all = await readAll(open([0, 2, [3], 4, [5], [7], [8]], { snapshot: refuseOdd }))
    assert.deepEqual(toItems(all), [0, 2, 'refused 3', 4, 'refused 5', 'refused 7', 8])
    assert.deepEqual(
      all.map(({ kind }) => kind),
      ['chunk', 'refused', 'chunk', 'refused', 'refused', 'chunk'],
    )
  })

  it('keeps a refused last item apart from the end', async () => {
    const all = await readAll(open([0, [1]], { snapshot: refuseOdd }))
    assert.deepEqual(
      all.map(({ kind }) => kind),
      ['chunk', 'refused', 'ended'],
    )
  })

  for (const [name, source] of [
    [
      'sync',
      (function* fail(): Generator<number, void, undefined> {
        yield* [1, 2, 3, 4, 5]
        throw new RangeError('no luck')
      })(),
    ],
    ['async', new WatchedSource((i) => (i < 5 ? i + 1 : Promise.reject(new RangeError('no luck'))))],
  ] as const) {
    it(`brings the error of an ${name} source behind the items before it, again and again`, async () => {
      const chunker = open(source)
      assert.deepEqual(await chunker.pull(), { kind: 'chunk', items: [1, 2, 3, 4], ended: false })
      assert.deepEqual(await chunker.pull(), { kind: 'chunk', items: [5], ended: false })
      for (let i = 0; i < 2; i++) {
        const failed = await chunker.pull()
        assert.ok(failed.kind === 'failed' && failed.error instanceof RangeError)
      }
    })
  }

  it('closes its source and forgets what it holds', async () => {
    const source = new HandFed()
    const chunker = new Chunker(source, defaults)
    void chunker.pull()
    await source.give(1)
    await chunker.close()
    assert.equal(source.closes, 1)
  })

  it('answers a request that was waiting with the end when it is closed, and asks no more of its source', async () => {
    for (const wake of ['nudge', 'answer']) {
      const source = new HandFed()
      const chunker = new Chunker(source, { ...defaults, isEager: () => wake === 'nudge' && source.closes > 0 })
      const pulled = chunker.pull() as Promise<Pulled>
      await source.give(1)
      await chunker.close()
      if (wake === 'nudge') chunker.nudge()
      else await source.give(2)
      const { kind } = await pulled
      assert.notEqual(kind, 'failed', wake)
      assert.equal(source.asked, 2, wake)
    }
  })
})
