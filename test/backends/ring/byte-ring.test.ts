import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  BrokenRing,
  READ,
  RingReader,
  RingWriter,
  WRITTEN,
  createRing,
  openRing,
} from '../../../src/backends/ring/byte-ring.ts'
import { endStress, startStress } from './stress.ts'

const CAPACITY = 256

/** A ring whose counters stand at `start`. */
function open(start = 0): { reader: RingReader; writer: RingWriter; memory: ReturnType<typeof openRing> } {
  const memory = openRing(createRing(CAPACITY))
  memory.control[WRITTEN] = start
  memory.control[READ] = start
  return { reader: new RingReader(memory), writer: new RingWriter(memory), memory }
}

/** Counters near where they overflow, signed and unsigned. */
const start = fc.constantFrom(0, 64, 2 ** 31 - 64, -64, 2 ** 31 - 8, -8)
const step = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), length: fc.nat({ max: 140 }) }),
  // As if the writer died, or had no room: a record that is never published.
  fc.record({ kind: fc.constant('give up' as const), length: fc.nat({ max: 120 }) }),
  fc.record({ kind: fc.constant('read' as const), length: fc.constant(0) }),
)

function fill(bytes: Uint8Array, offset: number, length: number, value: number): void {
  for (let i = 0; i < length; i++) bytes[offset + i] = (value + i) & 0xff
}

describe('a ring in shared memory', () => {
  it('gives what was written, in order, whatever is written and read when, across the end and the overflow', () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 80 }), (from, steps) => {
        const { reader, writer, memory } = open(from)
        const model: { length: number; value: number }[] = []
        steps.forEach(({ kind, length }, at) => {
          if (kind === 'read') {
            const place = reader.peek()
            const expected = model.shift()
            assert.equal(place?.length, expected?.length)
            if (place === undefined) return
            const read = memory.bytes.slice(place.offset, place.offset + place.length)
            assert.deepEqual(
              [...read],
              Array.from(read, (_, i) => (expected!.value + i) & 0xff),
            )
            return reader.release()
          }
          const offset = writer.reserve(length)
          if (offset === undefined) return assert.ok(model.length > 0 || length > writer.maxLength)
          assert.equal(offset % 8, 0)
          fill(memory.bytes, offset, length, at)
          if (kind === 'give up') return
          writer.publish()
          model.push({ length, value: at })
        })
      }),
      { numRuns: 2000 },
    )
  })

  it('always takes what is no longer than its limit, once it is empty', () => {
    fc.assert(
      fc.property(start, fc.array(fc.nat({ max: CAPACITY / 2 - 8 }), { maxLength: 50 }), (from, lengths) => {
        const { reader, writer } = open(from)
        for (const length of lengths) {
          assert.notEqual(writer.reserve(length), undefined)
          writer.publish()
          assert.equal(reader.peek()?.length, length)
          reader.release()
        }
        assert.equal(writer.reserve(writer.maxLength + 1), undefined)
      }),
    )
  })

  it('goes on with a new reader and a new writer where the others stopped', () => {
    const { reader, writer, memory } = open(-16)
    for (const length of [8, 40, 3]) {
      assert.notEqual(writer.reserve(length), undefined)
      writer.publish()
    }
    reader.peek()
    reader.release()
    // The one died with a record half written, the other with one looked at.
    assert.notEqual(writer.reserve(24), undefined)
    reader.peek()
    const heir = new RingReader(memory)
    assert.equal(heir.peek()?.length, 40)
    heir.release()
    const second = new RingWriter(memory)
    assert.notEqual(second.reserve(5), undefined)
    second.publish()
    const lengths: number[] = []
    for (let place = heir.peek(); place !== undefined; place = heir.peek()) {
      lengths.push(place.length)
      heir.release()
    }
    assert.deepEqual(lengths, [3, 5])
  })

  it('never reads beyond its end, whatever stands in its memory', () => {
    const word = fc.oneof(fc.integer(), fc.constantFrom(-1, 0, 8, 255, 256, 2 ** 31 - 1))
    fc.assert(
      fc.property(word, word, fc.array(word, { minLength: 64, maxLength: 64 }), (written, read, words) => {
        const memory = openRing(createRing(CAPACITY))
        memory.ints.set(words)
        memory.control[READ] = read & ~7
        const reader = new RingReader(memory)
        memory.control[WRITTEN] = written
        for (let i = 0; i < 100; i++) {
          try {
            const place = reader.peek()
            if (place === undefined) return
            assert.ok(place.offset >= 8 && place.length >= 0 && place.offset + place.length <= CAPACITY)
            reader.release()
          } catch (error) {
            assert.ok(error instanceof BrokenRing, String(error))
            return
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses a capacity that is no power of 2', () => {
    for (const capacity of [0, 32, 100, 2 ** 31]) assert.throws(() => createRing(capacity), RangeError)
  })

  it('brings all between two threads, whole and in order', async () => {
    const stress = startStress({ records: 200_000, capacity: 4096 })
    while (stress.seen < 200_000) await stress.readSome()
    await endStress(stress)
    assert.deepEqual([stress.seen, stress.wrong], [200_000, 0])
  })

  it('shows whole records only, whatever instant its writer is ended at', async () => {
    for (let life = 0; life < 25; life++) {
      const stress = startStress({ records: Infinity, capacity: 1024 })
      await stress.untilStarted
      for (let i = 0; i < 10 * life; i++) await stress.readSome()
      await endStress(stress)
      // What it has published is there, and nothing else.
      await stress.readSome()
      assert.equal(stress.wrong, 0)
      assert.equal(stress.isEmpty(), true)
      // Another writer takes over.
      const heir = new RingWriter(stress.memory)
      assert.notEqual(heir.reserve(8), undefined)
      heir.publish()
      assert.equal(new RingReader(stress.memory).peek()?.length, 8)
    }
  })
})
