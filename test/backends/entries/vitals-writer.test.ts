import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { VitalsWriter, readSystemThreadId } from '../../../src/backends/entries/vitals-writer.ts'
import { readClock } from '../../../src/internal/clock.ts'
import { readVitals } from '../../../src/protocol/vitals.ts'
import { waitUntil } from '../../support/wait-until.ts'

describe('VitalsWriter', () => {
  it('answers when the event loop comes to it, and tells the time', async () => {
    const told: number[] = []
    const writer = new VitalsWriter({ systemThreadId: 5, written: (block) => told.push(readVitals(block).answered) })
    const asked = readClock()
    writer.answer(7)
    assert.deepEqual(told, [0])
    await waitUntil(() => told.length === 2, 'the answer')
    const { systemThreadId, answered, answeredAtMs, idleMs, activeMs } = readVitals(writer.block)
    assert.deepEqual([systemThreadId, answered], [5, 7])
    assert.ok(answeredAtMs >= asked && answeredAtMs <= readClock())
    assert.ok(idleMs >= 0 && activeMs >= 0)
  })

  it('writes into the block that it is given', () => {
    const block = new Float64Array(8)
    assert.equal(new VitalsWriter({ block }).block, block)
    assert.ok(readVitals(block).answeredAtMs > 0)
  })
})

describe('readSystemThreadId()', { skip: process.platform !== 'linux' && 'only Linux has it' }, () => {
  it('is one of the threads of this process, another one in another thread', async () => {
    const own = readSystemThreadId()
    assert.equal(own, process.pid)
    const url = new URL('../../../src/backends/entries/vitals-writer.ts', import.meta.url).href
    const code = `import { parentPort } from 'node:worker_threads'
      import { readSystemThreadId } from ${JSON.stringify(url)}
      parentPort.postMessage(readSystemThreadId())
      parentPort.on('message', () => parentPort.close())`
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
    const other = await new Promise<number>((resolve) => worker.once('message', resolve))
    assert.notEqual(other, own)
    assert.ok(existsSync(`/proc/self/task/${other}`))
    worker.postMessage('end')
  })
})
