import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import type { ThreadOutput } from '../../src/backends/thread-output.ts'

const module = new URL('../../src/backends/thread-output.ts', import.meta.url).href

/** What a thread prints that runs the code and then exits at once. */
async function print(code: string): Promise<ThreadOutput[]> {
  const script = `import { parentPort } from 'node:worker_threads'
import { redirectOutput } from ${JSON.stringify(module)}
redirectOutput((message) => parentPort.postMessage(message))
${code}
process.exit(0)`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`))
  const messages: ThreadOutput[] = []
  worker.on('message', (message: ThreadOutput) => void messages.push(message))
  await new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve))
  return messages
}

function join(messages: readonly ThreadOutput[], output: 'stdout' | 'stderr'): string {
  return Buffer.concat(messages.filter((message) => message.output === output).map(({ bytes }) => bytes)).toString()
}

describe('redirectOutput()', () => {
  it('brings all that is printed before an exit, in order, by either stream', async () => {
    const messages = await print(
      "for (let i = 0; i < 200; i++) console.log('line ' + i); console.error('oh'); process.stderr.write('no')",
    )
    assert.equal(join(messages, 'stdout'), Array.from({ length: 200 }, (_, i) => `line ${i}\n`).join(''))
    assert.equal(join(messages, 'stderr'), 'oh\nno')
  })

  it('brings bytes as they are, and none of their neighbours', async () => {
    const messages = await print(
      "process.stdout.write(Buffer.from([0, 255, 10])); process.stdout.write('ff', 'hex'); process.stdout.cork(); process.stdout.write('a'); process.stdout.write('b'); process.stdout.uncork()",
    )
    assert.deepEqual([...Buffer.concat(messages.map(({ bytes }) => bytes))], [0, 255, 10, 255, 97, 98])
    for (const { bytes } of messages) assert.equal(bytes.buffer.byteLength, bytes.byteLength)
  })
})
