import { type MessagePort, threadId, workerData } from 'node:worker_threads'
import type { WorkerSpec } from '../../backend.ts'
import type { FromWorker, ToWorker } from '../../protocol/messages.ts'
import { redirectOutput } from '../thread-output.ts'
import { WorkerRuntime } from './worker-runtime.ts'

interface ThreadData {
  readonly spec: WorkerSpec
  readonly port: MessagePort
  readonly mark: Float64Array
}

const { spec, port, mark } = workerData as ThreadData
// Methods kept from user code that replaces them.
const post = port.postMessage.bind(port)
const exit = process.exit.bind(process)

redirectOutput(post)

const runtime = new WorkerRuntime({
  spec,
  threadId,
  portable: false,
  marksAreCheap: true,
  markBlock: mark,
  send: (message: FromWorker) => post(message),
  mark(unit, offset, startedAtMs) {
    mark[1] = offset
    mark[2] = startedAtMs
    mark[0] = unit
  },
  // Posts made before an exit all arrive.
  leave: () => exit(0),
})

port.on('message', (message: ToWorker) => runtime.take(message))
void runtime.start()
