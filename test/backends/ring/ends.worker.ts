import { parentPort, workerData } from 'node:worker_threads'
import type { LinkMemory } from '../../../src/backends/ring/ends.ts'
import { WorkerEnd } from '../../../src/backends/ring/ends.ts'
import type { ToWorker } from '../../../src/protocol/messages.ts'

const { rings, last } = workerData as { rings: LinkMemory; last: number }
const port = parentPort!

/** Answers each unit with its items; the thread ends behind the unit `last`, in the middle of everything. */
const end = new WorkerEnd({ postMessage: (message) => port.postMessage(message) }, rings, (message: ToWorker) => {
  if (message.kind !== 'unit') return
  const { unit, attempt, items } = message
  const answer = { count: 1, last: true, values: items, failures: [], ms: 0, heapMb: 0 }
  end.send({ kind: 'results', unit, attempt, ...answer })
  // Something else now and then, in the same order.
  if (unit % 50 === 0) end.post({ other: unit })
  if (unit === last) process.exit()
})

function rest(): void {
  while (!end.rest()) end.drain()
}

let turn = 0
port.on('message', (message: unknown) => {
  end.receive(message)
  if (turn++ % 3 === 0) end.linger(0.2)
  rest()
})
rest()
