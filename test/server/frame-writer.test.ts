import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { FrameReader } from '../../src/backends/frames.ts'
import { FrameWriter } from '../../src/server/frame-writer.ts'

/** Every call to the system, as the messages that it carries. */
function open(): { writer: FrameWriter; calls: unknown[][] } {
  const calls: unknown[][] = []
  const reader = new FrameReader()
  const read = (chunks: readonly Buffer[]): void => void calls.push(chunks.flatMap((chunk) => [...reader.push(chunk)]))
  const channel = new Writable({
    write(chunk: Buffer, _encoding, done) {
      read([chunk])
      done()
    },
    writev(chunks, done) {
      read(chunks.map(({ chunk }) => chunk as Buffer))
      done()
    },
  })
  return { writer: new FrameWriter(channel), calls }
}

describe('FrameWriter', () => {
  it('writes the first message at once, and those of the same turn together, in order', async () => {
    const { writer, calls } = open()
    writer.write({ n: 1 })
    assert.deepEqual(calls, [[{ n: 1 }]])
    writer.write({ n: 2 })
    writer.write({ n: 3 })
    assert.equal(calls.length, 1)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(calls.slice(1), [[{ n: 2 }, { n: 3 }]])
    writer.write({ n: 4 })
    assert.deepEqual(calls.at(-1), [{ n: 4 }])
  })

  it('writes at once what it holds back when it is told to, as at the end of a process', () => {
    const { writer, calls } = open()
    writer.flush()
    for (const n of [1, 2]) writer.write({ n })
    writer.flush()
    assert.deepEqual(calls, [[{ n: 1 }], [{ n: 2 }]])
  })
})
