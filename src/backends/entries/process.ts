import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { WorkerSpec } from '../../backend.ts'
import { MARK_BYTES, MARK_LENGTH } from '../../protocol/mark.ts'
import type { FromWorker, ToWorker } from '../../protocol/messages.ts'
import { VITALS_BYTES } from '../../protocol/vitals.ts'
import { FrameReader, encodeFrame } from '../frames.ts'
import { VitalsWriter } from './vitals-writer.ts'
import { WorkerRuntime } from './worker-runtime.ts'

/** Descriptors the parent gives beside the standard ones. */
const CHANNEL_FD = 3
const MARK_FD = 4

type Incoming = { readonly kind: 'init'; readonly spec: WorkerSpec; readonly hasMark: boolean } | ToWorker

// Kept from user code that replaces them.
const exit = process.exit.bind(process)
const kill = process.kill.bind(process)
const { pid, stdout, stderr } = process
const PlainPromise = Promise

// The parent decides what a signal to the whole group means; until it has drained, workers go on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
stdout.on('error', () => {})
stderr.on('error', () => {})

const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true })
const reader = new FrameReader()
const block = new Float64Array(MARK_LENGTH)
let hasMark = false
let runtime: WorkerRuntime | undefined
let isLeaving = false

function send(message: FromWorker): Promise<void> {
  const frame = encodeFrame(message)
  // A failed write means that the parent is gone: the end of the channel follows.
  return new PlainPromise((resolve) => channel.write(frame, () => resolve()))
}

function writeBlock(from: Float64Array, bytes: number, position: number): void {
  if (!hasMark) return
  try {
    writeSync(MARK_FD, from, 0, bytes, position)
  } catch {
    hasMark = false
  }
}

function mark(unit: number, offset: number, startedAtMs: number): void {
  block[0] = unit
  block[1] = offset
  block[2] = startedAtMs
  writeBlock(block, MARK_BYTES, 0)
}

const vitals = new VitalsWriter({ written: (vitalsBlock) => writeBlock(vitalsBlock, VITALS_BYTES, MARK_BYTES) })

/** `process.exit` drops what is still on its way, so everything is written out first. */
function leave(): void {
  isLeaving = true
  let open = 3
  const close = (): void => {
    open -= 1
    if (open === 0) exit(0)
  }
  channel.end(close)
  stdout.write('', close)
  stderr.write('', close)
}

function take(message: Incoming): void {
  if (message.kind === 'ping') return vitals.answer(message.serial)
  if (message.kind !== 'init') return runtime?.take(message)
  hasMark = message.hasMark
  const { spec } = message
  runtime = new WorkerRuntime({ spec, threadId: 0, portable: true, marksAreCheap: false, send, mark, leave })
  void runtime.start()
}

channel.on('data', (bytes: Buffer) => {
  for (const message of reader.push(bytes)) take(message as Incoming)
})
channel.on('error', () => {})
channel.on('close', () => {
  // The parent is gone: nobody is left to answer to.
  if (!isLeaving) kill(pid, 'SIGKILL')
})
