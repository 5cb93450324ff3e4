import assert from 'node:assert/strict'
import { type EisenmpError, type Pool, type StreamOptions } from '../../../src/index.ts'
import type * as Faults from '../../fixtures/faults.worker.ts'
import { within } from '../deadline.ts'
import type { Row } from '../row.ts'
import { type Scene, newPath } from '../scene.ts'
import { around, once } from './crashes.ts'

const COUNT = 9
const FAULTY = 4
const all = Array.from({ length: COUNT }, (_, id) => id)
const others = all.filter((id) => id !== FAULTY)

const sum = (ids: readonly number[]): number => ids.reduce((a, b) => a + b, 0)

type FaultPool = Pool<typeof Faults>
type Ids = readonly number[]

interface Pipeline {
  run(pool: FaultPool, items: Faults.Fault[], options: StreamOptions): Promise<unknown>
  /** What comes out when the items of these ids do. */
  expect(ids: Ids): unknown
  /** The chunk fails together. */
  readonly isWhole?: boolean
}

/** Every kind of stage and end, over the same items. */
const pipelines: Readonly<Record<string, Pipeline>> = {
  filter: {
    run: async (pool, items, options) =>
      (await pool.from(items, options).filter('keepEven').toArray()).map(({ id }) => id),
    expect: (ids) => ids.filter((id) => id % 2 === 0),
  },
  flatMap: {
    run: (pool, items, options) => pool.from(items, options).flatMap('twice').toArray(),
    expect: (ids) => ids.flatMap((id) => [id, id]),
  },
  mapChunks: {
    run: (pool, items, options) => pool.from(items, options).mapChunks('whole').toArray(),
    expect: (ids) => ids,
    isWhole: true,
  },
  count: {
    run: (pool, items, options) => pool.from(items, options).map('toId').count(),
    expect: (ids) => ids.length,
  },
  reduce: {
    run: (pool, items, options) => pool.from(items, options).map('toId').reduce('add', 1000),
    expect: (ids) => 1000 + sum(ids),
  },
  chunks: {
    async run(pool, items, options) {
      const seen: number[] = []
      let serial = 0
      for await (const chunk of pool.from(items, options).map('toId').chunks()) {
        assert.equal(chunk.ticket.serial, serial++)
        seen.push(...chunk.items)
      }
      assert.equal(serial, COUNT / 3)
      return seen
    },
    expect: (ids) => ids,
  },
}

async function runAll(scene: Scene, items: () => Faults.Fault[], expected: (pipeline: Pipeline) => Ids): Promise<void> {
  const pool = await scene.open<typeof Faults>({ retries: { crash: 1 } })
  for (const [name, pipeline] of Object.entries(pipelines)) {
    const letters: number[] = []
    const onError = ({ index }: EisenmpError): void => void letters.push(index!)
    const result = await within(name, pipeline.run(pool, items(), { chunk: 3, onError }))
    const ids = expected(pipeline)
    assert.deepEqual(result, pipeline.expect(ids), name)
    assert.deepEqual(
      letters,
      all.filter((id) => !ids.includes(id)),
      `${name}: dead letters in their order`,
    )
  }
}

const both = ['threads', 'processes'] as const

export const stageRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'a worker that dies once in the middle of a stage: the same results as without',
    covers: ['P1', 'P2', 'P3', 'P5', 'F4'],
    on: both,
    run: (scene) => runAll(scene, once({ do: 'exit', at: 'middle' }), () => all),
  },
  {
    kind: 'script',
    name: 'a poison item in any stage: all others are in the result',
    covers: ['P1', 'P8', 'F4'],
    on: ['threads'],
    run: (scene) => runAll(scene, around({ do: 'exit', at: 'middle' }), () => others),
  },
  {
    kind: 'script',
    name: 'a task that throws in any stage: what its item had given before is taken back',
    covers: ['P1', 'F1', 'F2'],
    on: ['threads', 'processes', 'inline'],
    run: (scene) =>
      runAll(scene, around({ do: 'throw', at: 'middle' }), ({ isWhole }) =>
        isWhole === true ? [0, 1, 2, 6, 7, 8] : others,
      ),
  },
  {
    kind: 'script',
    name: 'one poison item among two thousand, measured chunks: one dead letter',
    covers: ['P8', 'P1', 'P5'],
    on: both,
    async run(scene) {
      const pool = await scene.open<typeof Faults>({ retries: { crash: 1 } })
      const letters: EisenmpError[] = []
      const items = around({ do: 'exit' }, 2000, 1234)()
      const stream = pool.from(items, { onError: (letter) => letters.push(letter) }).map('toId')
      const ids = await within('the stream', stream.toArray())
      assert.deepEqual(
        ids,
        items.map(({ id }) => id).filter((id) => id !== 1234),
      )
      assert.deepEqual(
        letters.map(({ code, index }) => [code, index]),
        [['ERR_EISENMP_CRASH', 1234]],
      )
    },
  },
  {
    kind: 'script',
    name: 'workers die once at many of 400 items: nothing is lost, nothing comes twice',
    covers: ['F20', 'P1', 'P2', 'P3', 'P5'],
    on: both,
    async run(scene) {
      const restarts = { max: 100, withinMs: 60_000 }
      const pool = await scene.open<typeof Faults>({ restarts, retries: { crash: 10 } })
      const places = ['start', 'middle', 'serialize', 'afterResult'] as const
      const items = Array.from({ length: 400 }, (_, id): Faults.Fault => {
        return id % 50 === 25 ? { id, do: 'exit', at: places[((id - 25) / 50) % 4]!, once: newPath() } : { id }
      })
      const ids = await within('the stream', pool.from(items, { chunk: 4 }).map('toId').toArray())
      assert.deepEqual(
        ids,
        items.map(({ id }) => id),
      )
    },
  },
]
