import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createBooks } from '../../src/dispatch/books.ts'
import type { Unit } from '../../src/dispatch/events.ts'
import { UnitQueue } from '../../src/dispatch/pending.ts'
import {
  type ChunkState,
  type DispatchState,
  type JobState,
  cutUnit,
  findHistory,
  forgetIfOver,
  isUnwanted,
  shareMs,
} from '../../src/dispatch/state.ts'

const unit: Unit = {
  ...{ id: 1, job: 1, serial: 0, from: 2, start: 2, count: 8 },
  ...{ attempt: 3, suspect: false, expectedMs: 40 },
}

function createState(): { state: DispatchState; job: JobState; chunk: ChunkState } {
  const chunk: ChunkState = { open: 10, waiting: 0, histories: undefined }
  const chunks = new Map([[0, chunk]])
  const spec = { window: 4, ordered: true, pulls: true, splits: true }
  const job = { id: 1, spec, chunks, pending: new UnitQueue(chunks), lastSerial: 0, pulling: false, ended: false }
  const policy = { retries: { crash: 2, error: 0, timeout: 0 } }
  const state: DispatchState = {
    ...{ policy, workers: new Map(), jobs: new Map([[1, job]]) },
    ...{ books: createBooks(), nextUnit: 7, closing: false, out: [] },
  }
  return { state, job, chunk }
}

suite('the state', () => {
  test('cutUnit() makes a unit of its own with its share of the time', () => {
    const { state } = createState()
    assert.deepEqual(cutUnit(state, unit, 4, 2, { suspect: true }), {
      ...unit,
      ...{ id: 7, from: 4, start: 4, count: 2, expectedMs: 10, suspect: true },
    })
    assert.equal(state.nextUnit, 8)
  })

  test('shareMs() knows nothing where nothing is known', () => {
    assert.equal(shareMs(unit, 2), 10)
    assert.equal(shareMs({ ...unit, expectedMs: undefined }, 2), undefined)
  })

  test('isUnwanted() is true once the chunk or the job is gone', () => {
    const { state, job } = createState()
    assert.equal(isUnwanted(state, unit), false)
    job.chunks.delete(0)
    assert.equal(isUnwanted(state, unit), true)
    state.jobs.clear()
    assert.equal(isUnwanted(state, unit), true)
  })

  test('forgetIfOver() keeps a job that can still pull, or has a chunk', () => {
    const { state, job } = createState()
    forgetIfOver(state, job)
    job.ended = true
    forgetIfOver(state, job)
    assert.equal(state.jobs.size, 1)
    job.chunks.clear()
    forgetIfOver(state, job)
    assert.equal(state.jobs.size, 0)
  })

  test('findHistory() is the same for the same item', () => {
    const { chunk } = createState()
    const history = findHistory(chunk, 3)
    assert.deepEqual(history, { crash: 0, error: 0, timeout: 0, deaths: [] })
    assert.equal(findHistory(chunk, 3), history)
    assert.notEqual(findHistory(chunk, 4), history)
  })
})
