import type { Writable } from 'node:stream'

/** What a thread prints, on its way through the thread's own port. */
export interface ThreadOutput {
  readonly output: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
}

type Written = string | Uint8Array

function toBytes(chunk: Written, encoding: BufferEncoding): Uint8Array {
  // A copy: a pooled Buffer would drag its whole pool along.
  return new Uint8Array(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
}

/**
 * Sends what this thread prints through its port, in order with its results, so that nothing printed before an exit is
 * lost. Reading Node's own `worker.stdout` in the parent would keep the program alive for as long as the worker lives.
 */
export function redirectOutput(post: (message: ThreadOutput) => void): void {
  for (const output of ['stdout', 'stderr'] as const) {
    const stream = process[output] as Writable
    const write = (chunk: Written, encoding: BufferEncoding): void => post({ output, bytes: toBytes(chunk, encoding) })
    // oxlint-disable-next-line eslint/no-underscore-dangle -- Node's name
    stream._write = (chunk: Written, encoding, done) => {
      write(chunk, encoding)
      done()
    }
    // oxlint-disable-next-line eslint/no-underscore-dangle -- Node's name
    stream._writev = (chunks, done) => {
      for (const { chunk, encoding } of chunks) write(chunk as Written, encoding)
      done()
    }
  }
}
