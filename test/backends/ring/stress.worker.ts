import { parentPort, workerData } from 'node:worker_threads'
import { RingWriter, openRing } from '../../../src/backends/ring/byte-ring.ts'
import { toByte, toLength } from './stress.ts'

const { records, shared } = workerData as { records: number; shared: SharedArrayBuffer }
const memory = openRing(shared)
const writer = new RingWriter(memory)
parentPort!.postMessage('started')
for (let n = 0; n < records;) {
  const length = toLength(n)
  const offset = writer.reserve(length)
  if (offset === undefined) continue
  for (let at = 0; at < length; at++) memory.bytes[offset + at] = toByte(n, at)
  writer.publish()
  n += 1
}
