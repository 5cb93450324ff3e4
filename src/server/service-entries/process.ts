import { Socket } from 'node:net'
import { FrameReader } from '../../backends/frames.ts'
import { FrameWriter } from '../frame-writer.ts'
import type { FromService, ToService } from '../service-messages.ts'
import { startRuntime } from './create-runtime.ts'

const CHANNEL_FD = 3

// Kept from user code that replaces them.
const exit = process.exit.bind(process)
const kill = process.kill.bind(process)
const { pid, stdout, stderr } = process

// The parent decides what a signal to the whole group means: it drains its workers in an order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
stdout.on('error', () => {})
stderr.on('error', () => {})

const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true })
const reader = new FrameReader()
const writer = new FrameWriter(channel)
// What user code says last, before it ends its process, is heard.
process.on('exit', writer.flush)
let isLeaving = false
let take: ((message: ToService) => void) | undefined

/** `process.exit` drops what is still on its way, so everything is written out first. */
function leave(exitCode: number): void {
  if (isLeaving) return
  isLeaving = true
  writer.flush()
  let open = 3
  const close = (): void => {
    open -= 1
    if (open === 0) exit(exitCode)
  }
  channel.end(close)
  stdout.write('', close)
  stderr.write('', close)
}

function send(message: FromService): void {
  if (!isLeaving) writer.write(message)
}

channel.on('data', (bytes: Buffer) => {
  for (const message of reader.push(bytes)) {
    const given = message as ToService
    if (given.kind === 'init') take = startRuntime({ spec: given.spec, send, leave }, true)
    else take?.(given)
  }
})
channel.on('error', () => {})
channel.on('close', () => {
  // The parent is gone. A server would go on without it, and hold its port for ever.
  if (!isLeaving) kill(pid, 'SIGKILL')
})
