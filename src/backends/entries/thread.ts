import { receiveMessageOnPort, threadId, workerData } from 'node:worker_threads'
import type { WorkerSpec } from '../../backend.ts'
import { WorkerEnd } from '../ring/ends.ts'
import { redirectOutput } from '../thread-output.ts'
import type { ThreadChannel } from '../threads.ts'
import { VitalsWriter, readSystemThreadId } from './vitals-writer.ts'
import { WorkerRuntime } from './worker-runtime.ts'

const { spec, port, rings, mark, vitals } = workerData as ThreadChannel & { readonly spec: WorkerSpec }
// Methods kept from user code that replaces them.
const postMessage = port.postMessage.bind(port)
const exit = process.exit.bind(process)

/** A wait in one piece; nothing depends on its end. */
const BLOCK_MS = 1000

const link = new WorkerEnd({ postMessage }, rings, (message) => {
  if (message.kind === 'ping') vitalsWriter.answer(message.serial)
  else runtime.take(message)
})
const vitalsWriter = new VitalsWriter({ block: vitals, systemThreadId: readSystemThreadId() })

redirectOutput((message) => link.post(message))

const runtime = new WorkerRuntime({
  spec,
  threadId,
  portable: false,
  marksAreCheap: true,
  markBlock: mark,
  send: (message) => link.send(message),
  mark(unit, offset, startedAtMs) {
    mark[1] = offset
    mark[2] = startedAtMs
    mark[0] = unit
  },
  inbox: link,
  block: waitBlocked,
  // Posts made before an exit all arrive.
  leave: () => exit(0),
})

/** Takes what ring and port bring, with no turn of the event loop, until it is enough. */
function waitBlocked(isDone: () => boolean): void {
  let next: { readonly message: unknown } | undefined
  const look = (): boolean => (next ??= receiveMessageOnPort(port)) !== undefined
  while (!isDone()) {
    if (!look()) link.linger(BLOCK_MS, look)
    const given = next
    next = undefined
    if (given !== undefined) link.receive(given.message)
  }
}

port.on('message', (message: unknown) => {
  link.receive(message)
  runtime.rest()
})
void runtime.start()
