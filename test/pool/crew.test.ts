import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { Backend } from '../../src/backend.ts'
import { createInlineBackend } from '../../src/backends/inline.ts'
import type { EisenmpError, WorkerDeath } from '../../src/errors.ts'
import { Crew, type CrewEvents, type CrewOptions } from '../../src/pool/crew.ts'
import { toFixture } from '../support/live-worker.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const fine = 'contract.worker.ts'
const broken = 'throw-at-import.worker.ts'

/** Chooses the module of each start; the workers are real ones. */
function createChoosing(fixtureOf: (start: number) => string): Backend & { starts: number } {
  const backend = createInlineBackend()
  const choosing = {
    ...backend,
    starts: 0,
    start: (...[spec, events]: Parameters<Backend['start']>) => {
      const modules = [{ url: toFixture(fixtureOf(choosing.starts++)), export: 'default' }]
      return backend.start({ ...spec, modules }, events)
    },
  }
  return choosing
}

class Told implements CrewEvents {
  readonly readies: string[] = []
  readonly deaths: WorkerDeath[] = []
  readonly errors: EisenmpError[] = []
  crew: Crew | undefined

  ready(worker: string): void {
    this.readies.push(worker)
  }

  results(): void {}

  loop(): boolean {
    return true
  }

  emptied(): void {}

  gone(worker: string, death: WorkerDeath): void {
    this.deaths.push(death)
    this.crew?.replace(worker, false)
  }

  /** With nothing in its hands. */
  retire(worker: string): void {
    this.crew?.workers.get(worker)?.leave()
  }

  gaveUp(error: EisenmpError): void {
    this.errors.push(error)
  }
}

describe('Crew', () => {
  const told: Told[] = []
  afterEach(async () => {
    for (const { crew } of told.splice(0)) await within(crew!.end(), 'end()')
  })

  function create(
    fixtureOf: (start: number) => string,
    options: Partial<CrewOptions> = {},
  ): { crew: Crew; events: Told; backend: { starts: number } } {
    const backend = createChoosing(fixtureOf)
    const events = new Told()
    const crew = new Crew({
      backend,
      size: 3,
      spec: { modules: [], config: undefined, queues: [], startTimeoutMs: 10_000 },
      restarts: { max: 5, withinMs: 60_000 },
      events,
      now: () => 0,
      random: () => 0,
      ...options,
    })
    events.crew = crew
    told.push(events)
    return { crew, events, backend }
  }

  it('is ready with its first worker, and knows the tasks then', async () => {
    const { crew, events } = create(() => fine)
    await crew.start()
    assert.ok(crew.workers.size >= 1)
    assert.ok(crew.tasks.includes('double'))
    await waitUntil(() => events.readies.length === 3, 'all of them')
    assert.deepEqual(
      events.readies.toSorted((a, b) => (a < b ? -1 : 1)),
      ['0.1', '1.1', '2.1'],
    )
  })

  it('rejects with the error when none gets ready, and tries no seat again', async () => {
    const { crew, backend } = create(() => broken)
    await assert.rejects(within(crew.start(), 'start()'), { code: 'ERR_EISENMP_MODULE' })
    assert.equal(backend.starts, 3)
  })

  it('goes on with those that get ready, and starts the others again', async () => {
    const { crew, events, backend } = create((start) => (start < 2 ? broken : fine))
    await crew.start()
    await waitUntil(() => events.readies.length === 3, 'all of them')
    assert.equal(backend.starts, 5)
    assert.deepEqual(
      crew.seats.map(({ starts }) => starts),
      [2, 2, 1],
    )
  })

  it('gives up when seats cannot be filled', async () => {
    const { crew, events, backend } = create((start) => (start === 0 ? fine : broken), {
      restarts: { max: 3, withinMs: 60_000 },
    })
    await crew.start()
    await waitUntil(() => events.errors.length > 0, 'the end of patience')
    const [error] = events.errors
    assert.equal(error?.code, 'ERR_EISENMP_RESTARTS')
    assert.match(
      error.message,
      /^Cannot keep the workers alive: more than 3 died within 60000 ms \(restarts\), last since Cannot load/,
    )
    assert.equal((error.cause as EisenmpError).code, 'ERR_EISENMP_MODULE')
    assert.ok(backend.starts <= 3 + 3)
  })

  it('fills the seat of a worker that has died, until too many have', async () => {
    const { crew, events } = create(() => fine, { size: 1, restarts: { max: 2, withinMs: 60_000 } })
    await crew.start()
    for (const id of ['0.1', '0.2', '0.3']) {
      await waitUntil(() => crew.workers.has(id), id)
      crew.workers.get(id)!.end()
      await waitUntil(() => events.deaths.some(({ worker }) => worker === id), `the death of ${id}`)
    }
    assert.deepEqual(
      events.errors.map(({ code, deaths }) => [code, deaths?.[0]?.worker]),
      [['ERR_EISENMP_RESTARTS', '0.3']],
    )
    assert.equal(crew.seats[0]?.starts, 3)
  })

  it('does not count a death that is explained', async () => {
    const { crew, events } = create(() => fine, { size: 1, restarts: { max: 0, withinMs: 60_000 } })
    events.gone = (worker) => crew.replace(worker, true)
    await crew.start()
    crew.workers.get('0.1')!.end()
    await waitUntil(() => crew.workers.has('0.2'), 'its successor')
    assert.deepEqual(events.errors, [])
  })

  it('leaves with all its workers, and fills no seat from then on', async () => {
    const { crew, events, backend } = create(() => fine)
    await crew.start()
    await waitUntil(() => events.readies.length === 3, 'all of them')
    await within(crew.leave(), 'leave()')
    assert.deepEqual(
      events.deaths.map(({ code }) => code),
      [0, 0, 0],
    )
    assert.equal(backend.starts, 3)
    crew.replace('0.1', true)
    assert.equal(backend.starts, 3)
  })

  it('can be ended while it starts, and while it waits for the next try', async () => {
    const starting = create(() => fine)
    void starting.crew.start().catch(() => {})
    await within(starting.crew.end(), 'end()')
    const waiting = create((start) => (start === 0 ? fine : broken), {
      restarts: { max: 100, withinMs: 1 },
      random: () => 1,
    })
    await waiting.crew.start()
    await waitUntil(() => waiting.backend.starts > 4, 'some tries')
    await within(waiting.crew.end(), 'end()')
    const { starts } = waiting.backend
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(waiting.backend.starts, starts)
  })
})
