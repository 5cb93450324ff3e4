import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Placement } from '../../src/backend.ts'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { createThreadsBackend } from '../../src/backends/threads.ts'
import { createPlacedBackend } from '../../src/supervisor/placed-backend.ts'
import type { SystemPlace } from '../../src/supervisor/usage.ts'
import { LiveWorker } from '../support/live-worker.ts'
import { waitUntil } from '../support/wait-until.ts'

const placement: Placement = { pinning: 'pinned', priority: undefined }

/** Places workers when the test lets it. */
function createPlacer() {
  const asked: (readonly [index: number, place: SystemPlace])[] = []
  const { promise, resolve } = Promise.withResolvers<Placement>()
  const place = (index: number, at: SystemPlace): Promise<Placement> => {
    asked.push([index, at])
    return promise
  }
  return { asked, place, letGo: () => resolve(placement) }
}

describe('createPlacedBackend()', () => {
  it('has workers that are ready when they are placed, and work as others do', async () => {
    const { asked, place, letGo } = createPlacer()
    const worker = new LiveWorker(createPlacedBackend(createThreadsBackend(), place), ['contract.worker.ts'])
    await waitUntil(() => asked.length === 1, 'the question where')
    const [[index, at]] = asked as [[number, SystemPlace]]
    assert.deepEqual([index, at.backend, at.pid], [0, 'threads', process.pid])
    assert.equal(at.systemThreadId > 0, process.platform === 'linux')
    assert.deepEqual([worker.messages, worker.handle.placement], [[], undefined])
    letGo()
    await worker.untilReady()
    assert.equal(worker.handle.placement, placement)
    const answer = await worker.run(1, { stages: [{ kind: 'map', task: 'double' }] }, [4])
    assert.deepEqual(answer.values, [8])
    // It marks that it has nothing to do after it has answered.
    await waitUntil(() => worker.handle.mark()?.unit === 0, 'the mark')
    worker.handle.end()
    await worker.untilGone()
  })

  it('says nothing of a worker that has ended while it was placed', async () => {
    const { asked, place, letGo } = createPlacer()
    const backend = createPlacedBackend(createInlineBackend(), place)
    assert.equal(backend.name, 'inline')
    const worker = new LiveWorker(backend, ['contract.worker.ts'])
    await waitUntil(() => asked.length === 1, 'the question where')
    worker.handle.end()
    await worker.untilGone()
    letGo()
    await backend.close()
    assert.deepEqual([worker.messages, worker.late, worker.handle.placement], [[], 0, undefined])
  })

  it('passes on what went wrong at the start', async () => {
    const { asked, place } = createPlacer()
    const worker = new LiveWorker(createPlacedBackend(createThreadsBackend(), place), ['throw-at-import.worker.ts'])
    await worker.untilGone()
    assert.deepEqual([worker.messages.map(({ kind }) => kind), asked], [['startFailed'], []])
  })
})
