import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readBlock, toStretch } from '../../../src/backends/entries/run-blocks.ts'
import type { OpenedSource } from '../../../src/stream/indexed-source.ts'

// The run itself goes through test/contracts/indexed-contract.ts on every backend.
const range = { key: 1, spec: { kind: 'range', start: 0, step: 1 }, from: 100, count: 10 } as const

function create(read: OpenedSource['read']): OpenedSource {
  return { blockLength: 4, read, close() {} }
}

it('asks for indices of the source, and places items in the unit', () => {
  const source = create((from, to) => ({ items: [from, to], positions: [from + 1, to - 1] }))
  const block = readBlock(source, range, 4, 8)
  assert.deepEqual(block.items, [104, 108])
  assert.deepEqual(toStretch(block, range.from, 4).offsets, [5, 7])
})

it('takes what a source throws for a failure of all that was asked for', () => {
  const error = new Error('unplugged')
  const source = create(() => {
    throw error
  })
  assert.deepEqual(readBlock(source, range, 4, 8), {
    items: [],
    failed: { at: 104, next: 108, error, isUnreadable: true },
  })
})
