import { workerData, type MessagePort, type Transferable } from 'node:worker_threads'
import { redirectOutput } from '../../backends/thread-output.ts'
import type { FromService, ToService } from '../service-messages.ts'
import type { ServiceSpec } from '../service-spec.ts'
import { startRuntime } from './create-runtime.ts'

const { spec, port } = workerData as { readonly spec: ServiceSpec; readonly port: MessagePort }
// Methods kept from user code that replaces them.
const postMessage = port.postMessage.bind(port)
const exit = process.exit.bind(process)

redirectOutput((message) => postMessage(message))

const take = startRuntime(
  {
    spec,
    send(message: FromService, transfer: readonly unknown[] = []) {
      postMessage(message, transfer as Transferable[])
    },
    // Posts made before an exit all arrive.
    leave: (exitCode) => exit(exitCode),
  },
  false,
)
port.on('message', (message: ToService) => take(message))
