import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { MessageChannel, Worker } from 'node:worker_threads'
import { READ, WRITTEN } from '../../../src/backends/ring/byte-ring.ts'
import { type LinkMemory, ParentEnd, WorkerEnd, createLinkMemory } from '../../../src/backends/ring/ends.ts'
import type { FromWorker, Program, ToWorker, UnitMessage } from '../../../src/protocol/messages.ts'
import { waitUntil, within } from '../../support/wait-until.ts'

const program: Program = { stages: [{ kind: 'map', task: 'a' }], sink: { kind: 'values' } }

function toUnit(unit: number, items: readonly unknown[]): UnitMessage {
  return { kind: 'unit', unit, attempt: 1, program, items, marks: false, timed: false, flush: false }
}

/** Some that fit a ring, some that cannot, and some that are too long for it. */
function toItems(n: number): unknown[] {
  if (n % 7 === 0) return [{ n }]
  if (n % 11 === 0) return [`${n} ${'long '.repeat(n % 22 === 0 ? 40_000 : 400)}`]
  return [n, `text ${n}`, null]
}

interface Parent {
  readonly end: ParentEnd
  readonly worker: Worker
  readonly got: { readonly unit: number; readonly values: unknown }[]
  readonly others: unknown[]
  readonly broken: string[]
}

function start(last = Infinity): Parent {
  const rings = createLinkMemory()
  const worker = new Worker(new URL('./ends.worker.ts', import.meta.url), { workerData: { rings, last } })
  const got: Parent['got'] = []
  const others: unknown[] = []
  const broken: string[] = []
  const end = new ParentEnd({ postMessage: (message) => worker.postMessage(message) }, rings, {
    message: (message) => {
      if (message.kind === 'results') got.push(message)
    },
    other: (message) => others.push(message),
    broken: (reason) => broken.push(reason),
  })
  worker.on('message', (message: unknown) => end.receive(message))
  return { end, worker, got, others, broken }
}

describe('the ends of a link', () => {
  it('bring all messages in order, both ways, between two threads that sleep and wake all the time', async () => {
    const { end, worker, got, others, broken } = start()
    const total = 20_000
    let sent = 0
    while (got.length < total) {
      // From one at a time to many: the worker is found in its event loop, waiting, and at work.
      const ahead = 1 + (sent % 40)
      while (sent < total && sent - got.length < ahead) end.send(toUnit(++sent, toItems(sent)))
      const before = got.length
      await waitUntil(() => got.length > before || got.length === total, `answer ${before + 1}`)
    }
    await worker.terminate()
    assert.deepEqual(broken, [])
    got.forEach(({ unit, values }, at) => {
      assert.equal(unit, at + 1)
      assert.deepEqual(values, toItems(unit))
    })
    assert.deepEqual(
      others,
      Array.from({ length: total / 50 }, (_, at) => ({ other: 50 * (at + 1) })),
    )
  })

  it('leave nothing behind of a thread that is gone', async () => {
    for (const last of [1, 60, 300]) {
      const { end, worker, got } = start(last)
      const exit = once(worker, 'exit')
      for (let unit = 1; unit <= 400; unit++) end.send(toUnit(unit, [unit]))
      await within(exit, 'the exit')
      end.drainAll()
      assert.deepEqual(
        got.map(({ unit }) => unit),
        Array.from({ length: last }, (_, at) => at + 1),
      )
    }
  })

  it('give up a ring that holds anything else, once', async () => {
    const rings = createLinkMemory()
    const broken: string[] = []
    const messages: FromWorker[] = []
    const end = new ParentEnd({ postMessage() {} }, rings, {
      message: (message) => messages.push(message),
      other() {},
      broken: (reason) => broken.push(reason),
    })
    const control = new Int32Array(rings.fromWorker)
    control[WRITTEN] = 7
    control[READ] = 0
    end.receive(0)
    end.receive(0)
    end.receive([1, { kind: 'ready', tasks: [], version: '1' }])
    end.drainAll()
    assert.deepEqual([broken.length, messages.length], [1, 0])
    assert.match(broken[0]!, /shared memory is broken/)
  })

  it('move large results instead of copying them, and leave small and shared ones alone', async () => {
    const { port1, port2 } = new MessageChannel()
    const worker = new WorkerEnd(port1, createLinkMemory(), () => {})
    const values = [
      new Uint8Array(100_000).fill(1),
      new Uint8Array(10).fill(2),
      new Uint8Array(new SharedArrayBuffer(8192)),
    ]
    const arrived = once(port2, 'message')
    worker.send({ kind: 'results', unit: 1, attempt: 1, count: 3, last: true, values, failures: [], ms: 0, heapMb: 0 })
    const lengths = (of: readonly Uint8Array[]): number[] => of.map(({ byteLength }) => byteLength)
    assert.deepEqual(lengths(values), [0, 10, 8192])
    const [[, answer]] = (await arrived) as [[number, { readonly values: Uint8Array[] }]]
    assert.deepEqual(lengths(answer.values), [100_000, 10, 8192])
    assert.equal(answer.values[0]![99_999], 1)
    port1.close()
  })

  it('send through the port what finds no room', () => {
    const rings: LinkMemory = createLinkMemory()
    const port: unknown[] = []
    const parent = new ParentEnd({ postMessage: (message) => port.push(structuredClone(message)) }, rings, {
      message() {},
      other() {},
      broken() {},
    })
    const got: number[] = []
    const worker = new WorkerEnd({ postMessage() {} }, rings, (message: ToWorker) => {
      if (message.kind === 'unit') got.push(message.unit)
    })
    const text = 'x'.repeat(100_000)
    for (let unit = 1; unit <= 10; unit++) parent.send(toUnit(unit, [text]))
    assert.ok(port.length > 5, `${port.length} through the port`)
    for (const message of port) worker.receive(message)
    worker.drain()
    assert.deepEqual(got, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert.throws(() => parent.send(toUnit(11, [() => 1])), { name: 'DataCloneError' })
    parent.send(toUnit(12, [text]))
  })
})
