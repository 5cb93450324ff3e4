import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IndexedSource, type OpenedSource, readPlan } from '../../src/stream/indexed-source.ts'

describe('IndexedSource', () => {
  function create(closed: string[], fails = Infinity): IndexedSource<number> {
    const open = (): OpenedSource => ({
      blockLength: 4,
      read(from, to) {
        const items = Array.from({ length: Math.min(to, fails) - from }, (_, i) => from + i)
        return to > fails ? { items, failed: { at: fails, next: to, error: new Error('unplugged') } } : { items }
      },
      close: () => void closed.push('closed'),
    })
    return new IndexedSource<number>({ spec: { kind: 'range', start: 0, step: 1 }, length: 10, open })
  }

  it('is read in blocks, and closed at the end and on leaving', () => {
    const closed: string[] = []
    const source = create(closed)
    assert.deepEqual([...source], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert.deepEqual([...source.slice(3, 100)], [3, 4, 5, 6, 7, 8, 9])
    for (const item of source) if (item === 1) break
    assert.equal(closed.length, 3)
  })

  it('throws what the source throws, behind the items before it', () => {
    const closed: string[] = []
    const seen: number[] = []
    assert.throws(() => {
      for (const item of create(closed, 6)) seen.push(item)
    }, /unplugged/)
    assert.deepEqual([seen, closed], [[0, 1, 2, 3, 4, 5], ['closed']])
  })

  it('has a plan; nothing else has', () => {
    assert.equal(readPlan(create([]))?.length, 10)
    assert.equal(readPlan([1]), undefined)
  })
})
