import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type ChunkLimits, ChunkSizer, DEFAULT_CHUNK_LIMITS } from '../../src/stream/chunk-size.ts'

function create(limits: Partial<ChunkLimits> = {}, workers = 4): ChunkSizer {
  return new ChunkSizer({ ...DEFAULT_CHUNK_LIMITS, ...limits }, () => workers)
}

describe('ChunkSizer of chunks that carry no items', () => {
  const pace = { first: 1, min: 1, growth: 16, tailMs: 1, isPatient: true }
  const limits = { targetMs: 10, maxItems: 1e7, maxBytes: 1 }

  it('forgets cold code and a worker that was off the processor', () => {
    const sizer = new ChunkSizer(limits, () => 1, pace)
    sizer.observe(1, 1)
    assert.equal(sizer.next(undefined), 10)
    sizer.observe(10, 0.01)
    assert.equal(sizer.next(undefined), 160)
    sizer.observe(160, 0.16)
    sizer.next(undefined)
    assert.equal(sizer.next(undefined), 10_000)
    sizer.observe(10_000, 100)
    const lower = sizer.next(undefined)
    assert.ok(lower >= 1000 && lower < 10_000, String(lower))
    sizer.observe(lower, lower / 1000)
    assert.equal(sizer.next(undefined), 10_000)
  })

  it('learns that items have become long from a few of them', () => {
    const sizer = new ChunkSizer(limits, () => 1, pace)
    sizer.observe(1, 0.001)
    for (let i = 0; i < 9; i++) sizer.next(undefined)
    for (let i = 0; i < 20; i++) sizer.observe(50, 50)
    assert.equal(sizer.next(undefined), 10)
  })

  it('does not cut the tail finer than is worth a message', () => {
    const sizer = new ChunkSizer(limits, () => 2, pace)
    sizer.observe(1, 0.001)
    for (let i = 0; i < 9; i++) sizer.next(undefined)
    assert.deepEqual([sizer.next(40_000), sizer.next(8000), sizer.next(500)], [10_000, 2000, 1000])
  })
})

describe('ChunkSizer', () => {
  it('begins with one item and stays there until something is measured', () => {
    const sizer = create()
    assert.deepEqual([sizer.next(undefined), sizer.next(undefined), sizer.next(1000)], [1, 1, 1])
    assert.equal(sizer.expectedMs(5), undefined)
  })

  it('grows fourfold at a time up to what fills targetMs', () => {
    const sizer = create({ targetMs: 10 })
    sizer.observe(1, 0.1)
    assert.deepEqual(
      Array.from({ length: 5 }, () => sizer.next(undefined)),
      [4, 16, 64, 100, 100],
    )
    assert.ok(Math.abs(sizer.expectedMs(100)! - 10) < 1e-9)
  })

  it('believes a rise at once and a fall by and by', () => {
    const sizer = create({ targetMs: 10 })
    sizer.observe(100, 10)
    for (let i = 0; i < 5; i++) sizer.next(undefined)
    assert.equal(sizer.next(undefined), 100)
    sizer.observe(100, 1000)
    assert.equal(sizer.next(undefined), 1)
    sizer.observe(100, 10)
    assert.equal(sizer.next(undefined), 1)
    for (let i = 0; i < 20; i++) sizer.observe(100, 10)
    assert.deepEqual([sizer.next(undefined), sizer.next(undefined)], [4, 16])
  })

  it('keeps to maxItems where items take no time at all', () => {
    const sizer = create({ maxItems: 50 })
    sizer.observe(1000, 0)
    for (let i = 0; i < 10; i++) sizer.next(undefined)
    assert.equal(sizer.next(undefined), 50)
  })

  it('sends one item at a time where each takes longer than targetMs', () => {
    const sizer = create({ targetMs: 10 })
    sizer.observe(1, 500)
    assert.equal(sizer.next(undefined), 1)
    assert.equal(sizer.expectedMs(2), 1000)
  })

  it('cuts the tail finer: never more than half of an even share of what is left', () => {
    const sizer = create({ targetMs: 10 }, 4)
    sizer.observe(1, 0.001)
    for (let i = 0; i < 10; i++) sizer.next(undefined)
    assert.deepEqual([sizer.next(800), sizer.next(8), sizer.next(1), sizer.next(0)], [100, 1, 1, 1])
  })

  it('learns nothing from an answer without items', () => {
    const sizer = create()
    sizer.observe(0, 100)
    assert.equal(sizer.expectedMs(1), undefined)
  })

  it('stays within its bounds whatever is measured', () => {
    const time = fc.oneof(fc.constantFrom(0, 1e-9, 1e9), fc.double({ min: 0, max: 1e4, noNaN: true }))
    const step = fc.tuple(fc.nat(10_000), time, fc.option(fc.nat(1_000_000), { nil: undefined }), fc.nat(64))
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 20_000 }), (steps, maxItems) => {
        let workers = 1
        let last = 1
        const sizer = new ChunkSizer({ ...DEFAULT_CHUNK_LIMITS, maxItems }, () => workers)
        for (const [count, ms, left, crew] of steps) {
          workers = crew
          sizer.observe(count, ms)
          const free = sizer.next(undefined)
          assert.ok(Number.isSafeInteger(free) && free >= 1 && free <= Math.min(maxItems, 4 * last), String(free))
          last = free
          const bound = sizer.next(left)
          if (left !== undefined)
            assert.ok(bound >= 1 && bound <= Math.max(1, Math.ceil(left / (2 * Math.max(1, crew)))))
          last = Math.max(last, Math.min(maxItems, 4 * last))
        }
      }),
    )
  })
})
