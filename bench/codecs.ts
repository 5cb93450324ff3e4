// What does a value cost on its way, packed and by structured clone? `node bench/codecs.ts`: sender and receiver, ns each
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import { type PackedValues, isPacked, pack, unpack } from '../src/codec/pack.ts'

const ROUNDS = 200

interface Way {
  readonly name: string
  send(values: readonly unknown[]): unknown
  receive(message: unknown): unknown
}

interface Case {
  readonly name: string
  readonly values: readonly unknown[]
  readonly ways: readonly Way[]
}

const clone: Way = { name: 'clone', send: (values) => values, receive: (values) => values }
const packed: Way = {
  name: 'packed',
  send: pack,
  receive(message) {
    if (!Array.isArray(message) && !isPacked(message)) throw new Error('Packed values did not arrive as such')
    return unpack(message as PackedValues)
  },
}

/** Ways to carry long strings that do not hold the text of their chunk. */
const json: Way = {
  name: 'JSON text',
  send: (values) => JSON.stringify(values),
  receive: (text) => JSON.parse(text as string) as unknown,
}
const decoder = new TextDecoder()
const utf8: Way = {
  name: 'UTF-8 block, TextDecoder',
  send: (values) => {
    const texts = values as readonly string[]
    return { lengths: Uint32Array.from(texts, (text) => text.length), data: new TextEncoder().encode(texts.join('')) }
  },
  receive(message) {
    const { lengths, data } = message as { readonly lengths: Uint32Array; readonly data: Uint8Array }
    let end = 0
    return Array.from(lengths, (length) => decoder.decode(data.subarray(end, (end += length))))
  },
}
const latin1: Way = {
  name: 'Latin-1 block, Buffer',
  send: (values) => {
    const texts = values as readonly string[]
    return { lengths: Uint32Array.from(texts, (text) => text.length), data: Buffer.from(texts.join(''), 'latin1') }
  },
  receive(message) {
    const { lengths, data } = message as { readonly lengths: Uint32Array; readonly data: Uint8Array }
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    let end = 0
    return Array.from(lengths, (length) => buffer.toString('latin1', end, (end += length)))
  },
}

function make(name: string, count: number, value: (i: number) => unknown, others: readonly Way[] = [packed]): Case {
  return { name, values: Array.from({ length: count }, (_, i) => value(i)), ways: [clone, ...others] }
}

/** A string that is no part of another one. */
function makeText(length: number, i: number): string {
  return Buffer.from(`${i}`.padStart(length, 'eisenmp ')).toString()
}

const longWays = [json, utf8, latin1]
const cases: readonly Case[] = [
  make('integers', 1000, (i) => i),
  make('doubles', 1000, (i) => i / 3),
  make('strings of 8', 1000, (i) => makeText(8, i)),
  make('{ id, name, even }', 1000, (i) => ({ id: i, name: `n${i}`, even: i % 2 === 0 })),
  make('{ id, name, at: { x, of: { y } } }', 1000, (i) => ({ id: i, name: `n${i}`, at: { x: i / 3, of: { y: i } } })),
  make('{ id, when: a Date }', 1000, (i) => ({ id: i, when: new Date(i) })),
  make('{ id, bytes of 32 }', 1000, (i) => ({ id: i, bytes: new Uint8Array(32).fill(i) })),
  ...[8, 64, 100, 512].map((size) => make(`bytes of ${size}`, 1000, () => new Uint8Array(size))),
  make('100 doubles in a Float64Array', 1000, () => new Float64Array(100)),
  ...[20, 100, 1000].map((length) => make(`strings of ${length}`, 1000, (i) => makeText(length, i), longWays)),
]

function findMedian(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1]!
}

function measure({ values, ways }: Case): string[] {
  const { port1, port2 } = new MessageChannel()
  const samples = ways.map(() => ({ send: [] as number[], receive: [] as number[] }))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { send, receive }] of ways.entries()) {
      const start = performance.now()
      port1.postMessage(send(values))
      const sent = performance.now()
      receive(receiveMessageOnPort(port2)!.message)
      samples[at]!.send.push(sent - start)
      samples[at]!.receive.push(performance.now() - sent)
    }
  }
  port1.close()
  const toNs = (ms: number): string => ((ms * 1e6) / values.length).toFixed(0)
  return ways.map(({ name }, at) => {
    const { send, receive } = samples[at]!
    return `${name} ${toNs(findMedian(send))} + ${toNs(findMedian(receive))}`
  })
}

for (const one of cases) measure(one)
for (const one of cases) console.log(`${one.name}: ${measure(one).join(', ')}`)
