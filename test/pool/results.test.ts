import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ResultBoard } from '../../src/pool/results.ts'
import { within } from '../support/wait-until.ts'

const resultOf = (serial: number) => ({ value: serial, ticket: { queue: 'a', serial }, worker: '0.1' })

function create(): { board: ResultBoard; rooms: () => number } {
  let rooms = 0
  const board = new ResultBoard(
    () => [['a', 3]],
    () => (rooms += 1),
  )
  return { board, rooms: () => rooms }
}

describe('ResultBoard', () => {
  it('keeps what nobody reads, and ends when no loop runs', async () => {
    const { board } = create()
    board.begin()
    for (const serial of [1, 0]) board.add(resultOf(serial))
    assert.ok(!board.isFull && !board.hasReaders)
    board.end(undefined)
    const values = []
    for await (const { value } of board.read(false)) values.push(value)
    assert.deepEqual(values, [1, 0])
    assert.deepEqual(board.store().missing(), [{ queue: 'a', serial: 2 }])
  })

  it('makes workers wait for a reader that is at it, and not when it has left', async () => {
    const { board, rooms } = create()
    board.begin()
    const reader = board.read(false)
    const first = reader.next()
    for (let serial = 0; serial < 1100; serial += 1) board.add(resultOf(serial))
    await within(first, 'first')
    assert.ok(board.isFull)
    for (let left = 0; left < 200; left += 1) await reader.next()
    assert.ok(!board.isFull && rooms() === 1)
    await reader.return()
    assert.ok(!board.hasReaders && rooms() === 2)
  })

  it('gives back what a reader had put in order', async () => {
    const { board } = create()
    board.begin()
    board.add(resultOf(0))
    board.add(resultOf(2))
    const reader = board.read(true)
    assert.equal((await reader.next()).value?.value, 0)
    await reader.return()
    assert.deepEqual([...board.store().get('a')!.keys()], [2])
  })

  it('throws what a loop has failed with, after what had come', async () => {
    const { board } = create()
    board.begin()
    board.add(resultOf(0))
    const reader = board.read(false)
    assert.equal((await reader.next()).value?.value, 0)
    const next = reader.next()
    board.end({ error: new Error('broken') })
    await assert.rejects(next, /broken/)
  })

  it('ends with its pool', async () => {
    const { board } = create()
    const next = board.read(true).next()
    board.close()
    assert.equal((await next).done, true)
  })
})
