import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WorkerRuntime } from '../../../src/backends/entries/worker-runtime.ts'
import { VERSION } from '../../../src/internal/version.ts'
import { MARK_UNKNOWN } from '../../../src/protocol/mark.ts'
import type { FromWorker, UnitMessage } from '../../../src/protocol/messages.ts'
import { toFixture } from '../../support/live-worker.ts'
import { waitUntil } from '../../support/wait-until.ts'

// What it does on a thread or in a process is in the contract of the backends.
class Runtime {
  readonly sent: FromWorker[] = []
  leaves = 0
  mark = 0
  readonly runtime: WorkerRuntime

  constructor(fixture: string) {
    const modules = [{ url: toFixture(fixture), export: 'default' }]
    this.runtime = new WorkerRuntime({
      spec: { id: '0.1', index: 0, name: 'w', modules, config: undefined, queues: [] },
      threadId: 0,
      portable: true,
      marksAreCheap: true,
      send: (message) => void this.sent.push(message),
      mark: (unit) => (this.mark = unit),
      leave: () => (this.leaves += 1),
    })
  }

  unit(unit: number, task: string, items: unknown[]): UnitMessage {
    const program = { stages: [{ kind: 'map', task }], sink: { kind: 'values' } } as const
    return { kind: 'unit', unit, attempt: 1, program, items, marks: false, timed: false, flush: false }
  }

  get answers(): unknown[] {
    return this.sent.flatMap((message) =>
      message.kind === 'results' ? [[message.unit, message.count, message.values]] : [],
    )
  }
}

describe('WorkerRuntime', () => {
  it('reports ready and its tasks', async () => {
    const worker = new Runtime('mates-main.worker.ts')
    await worker.runtime.start()
    assert.deepEqual(worker.sent, [{ kind: 'ready', tasks: ['readStarts'], version: VERSION }])
    assert.equal(worker.leaves, 0)
  })

  it('reports why it could not start, and leaves', async () => {
    const worker = new Runtime('throw-at-import.worker.ts')
    await worker.runtime.start()
    assert.deepEqual(
      worker.sent.map(({ kind }) => kind),
      ['startFailed'],
    )
    assert.equal(worker.leaves, 1)
  })

  it('works on one unit after another, and leaves when the last is through', async () => {
    const worker = new Runtime('contract.worker.ts')
    await worker.runtime.start()
    worker.runtime.take(worker.unit(1, 'doubleLater', [1]))
    worker.runtime.take(worker.unit(2, 'double', [2]))
    worker.runtime.take({ kind: 'stop' })
    assert.equal(worker.leaves, 0)
    await waitUntil(() => worker.leaves > 0, 'its leave')
    assert.deepEqual(worker.answers, [
      [1, 1, [2]],
      [2, 1, [4]],
    ])
    assert.deepEqual([worker.leaves, worker.mark], [1, 0])
  })

  it('leaves at once when it is idle', async () => {
    const worker = new Runtime('contract.worker.ts')
    await worker.runtime.start()
    worker.runtime.take({ kind: 'stop' })
    assert.equal(worker.leaves, 1)
  })

  it('hands back a waiting unit at once', async () => {
    const worker = new Runtime('contract.worker.ts')
    await worker.runtime.start()
    worker.runtime.take(worker.unit(1, 'waitForAbort', [0]))
    worker.runtime.take(worker.unit(2, 'double', [2]))
    worker.runtime.take({ kind: 'recall', unit: 2 })
    assert.deepEqual(worker.answers, [[2, 0, []]])
    worker.runtime.take({ kind: 'abort', unit: 1, offset: MARK_UNKNOWN })
    await waitUntil(() => worker.answers.length === 2, 'the answer')
    assert.deepEqual(worker.answers[1], [1, 1, ['AbortError']])
  })
})
