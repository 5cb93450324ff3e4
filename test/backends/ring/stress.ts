import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type RingMemory, RingReader, createRing, openRing } from '../../../src/backends/ring/byte-ring.ts'

/** Length of the nth record, and each of its bytes: both sides know them. */
export function toLength(n: number): number {
  return (n * 7919) % 300
}

export function toByte(n: number, at: number): number {
  return (n * 31 + at * 17) & 0xff
}

export interface Stress {
  readonly memory: RingMemory
  readonly worker: Worker
  readonly untilStarted: Promise<unknown>
  /** Records read, and those of them that are not what they should be. */
  seen: number
  wrong: number
  /** Reads what is there, and gives the other thread a turn. */
  readSome(): Promise<void>
  isEmpty(): boolean
}

/** A thread that writes records as fast as there is room for them. */
export function startStress(data: { readonly records: number; readonly capacity: number }): Stress {
  const shared = createRing(data.capacity)
  const memory = openRing(shared)
  const reader = new RingReader(memory)
  const worker = new Worker(new URL('./stress.worker.ts', import.meta.url), { workerData: { ...data, shared } })
  const stress: Stress = {
    memory,
    worker,
    untilStarted: once(worker, 'message'),
    seen: 0,
    wrong: 0,
    async readSome() {
      for (let place = reader.peek(); place !== undefined; place = reader.peek()) {
        const { offset, length } = place
        let isRight = length === toLength(stress.seen)
        for (let at = 0; at < length; at++) isRight &&= memory.bytes[offset + at] === toByte(stress.seen, at)
        if (!isRight) stress.wrong += 1
        stress.seen += 1
        reader.release()
      }
      await new Promise((resolve) => setImmediate(resolve))
    },
    isEmpty: () => reader.peek() === undefined,
  }
  return stress
}

export async function endStress({ worker }: Stress): Promise<void> {
  await worker.terminate()
}
