import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { EisenmpError } from '../../../src/index.ts'
import type { Fault } from '../../fixtures/faults.worker.ts'
import type { Row } from '../row.ts'
import { newPath } from '../scene.ts'
import { around, once } from './crashes.ts'

const both = ['threads', 'processes'] as const

/** The fault comes when its own result is out and another item is in work. */
function afterResult(fault: Omit<Fault, 'id'>): Fault[] {
  const stray: Fault = { id: 0, ...fault, at: 'afterResult', once: newPath() }
  return [stray, ...Array.from({ length: 5 }, (_, i): Fault => ({ id: i + 1, at: 'middle' }))]
}

function countLines(path: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}

/** The worker ends by something that no item in work has done. */
const strayRows: readonly Row[] = (['strayRejection', 'timerThrow', 'exit'] as const).map((deed) => ({
  kind: 'items',
  name: `${deed} after the result: the result stands, the item now running is retried`,
  covers: ['F3', 'P2', 'P13'],
  on: both,
  items: () => afterResult({ do: deed }),
  pool: { workers: 1 },
  stream: { chunk: 1 },
  restarts: 1,
}))

const channelRows: readonly Row[] = (['closeChannel', 'closeChannelWithTimer', 'exitCode'] as const).map((deed) => ({
  kind: 'items',
  name: `${deed}: a worker without its channel is dead, every item arrives`,
  covers: ['F5', 'P11', 'P13'],
  on: both,
  items: () => once({ do: deed, at: 'middle' })(),
  restarts: 1,
}))

export const endingRows: readonly Row[] = [
  ...strayRows,
  ...channelRows,
  {
    kind: 'items',
    name: 'SIGSTOP: a worker that stays stopped is ended, every item arrives',
    covers: ['F11', 'P11'],
    on: ['processes'],
    items: () => once({ do: 'signal', arg: 'SIGSTOP' })(),
    restarts: 1,
  },
  {
    kind: 'items',
    name: 'heap overflow once: every item arrives',
    covers: ['F9', 'P2', 'P13'],
    on: both,
    items: () => once({ do: 'fillHeap' })(),
    pool: { resourceLimits: { maxOldGenerationSizeMb: 32 } },
    restarts: 1,
  },
  {
    kind: 'items',
    name: 'heap overflow: the dead letter says so',
    covers: ['F9', 'P8', 'P13'],
    on: both,
    items: around({ do: 'fillHeap' }),
    pool: { workers: 1, resourceLimits: { maxOldGenerationSizeMb: 32 }, retries: { crash: 0 } },
    stream: { chunk: 1 },
    dead: { 4: { code: 'ERR_EISENMP_OUTCOME_UNKNOWN', says: /out of memory/ } },
  },
  {
    kind: 'items',
    name: 'stack overflow is an error of the task, not a crash',
    covers: ['F1', 'P7'],
    on: ['threads', 'processes', 'inline'],
    items: around({ do: 'overflow' }),
    dead: { 4: { code: 'ERR_EISENMP_TASK', says: /RangeError: Maximum call stack size exceeded/ } },
    restarts: 0,
  },
  {
    kind: 'items',
    name: 'one worker alone: a poison item does not stop the others',
    covers: ['P8', 'P11'],
    on: both,
    items: around({ do: 'exit' }),
    pool: { workers: 1, retries: { crash: 0 + 1 } },
    stream: { chunk: 'auto' },
    dead: { 4: { code: 'ERR_EISENMP_CRASH', deaths: 2 } },
  },
  {
    kind: 'items',
    name: 'eight workers, unordered, two poison items: each of the others once',
    covers: ['P1', 'P8'],
    on: ['threads'],
    items: () => Array.from({ length: 64 }, (_, id) => (id === 11 || id === 40 ? { id, do: 'exit' } : { id })),
    pool: { workers: 8, retries: { crash: 1 } },
    stream: { chunk: 4, ordered: false },
    dead: { 11: { code: 'ERR_EISENMP_CRASH', deaths: 2 }, 40: { code: 'ERR_EISENMP_CRASH', deaths: 2 } },
  },
  {
    kind: 'script',
    name: 'retries.crash 0: what may have started never runs twice, what only waited moves',
    covers: ['P4', 'P1'],
    on: both,
    async run(scene) {
      const pool = await scene.open({ retries: { crash: 0 } })
      const log = newPath()
      const items = Array.from({ length: 24 }, (_, id) => ({
        id,
        log,
        do: id % 8 === 3 ? ('exit' as const) : ('none' as const),
      }))
      const dead: EisenmpError[] = []
      const arrived = await pool
        .from(items, { chunk: 4, onError: (letter) => dead.push(letter) })
        .map('act')
        .toArray()
      for (const [id, runs] of countLines(log)) assert.equal(runs, 1, `item ${id} ran ${runs} times`)
      assert.ok(
        dead.every((letter) => EisenmpError.is(letter, 'ERR_EISENMP_OUTCOME_UNKNOWN')),
        dead.join('\n'),
      )
      assert.deepEqual(
        dead.map(({ index }) => index),
        [3, 11, 19],
      )
      assert.equal(arrived.length, 21)
    },
  },
  {
    kind: 'script',
    name: 'the last 64 KB of stderr are on the error',
    covers: ['P23', 'P8'],
    on: both,
    async run(scene) {
      const pool = await scene.open({ workers: 1, retries: { crash: 0 } })
      const deed = scene.backend === 'processes' ? 'printAndDie' : 'printAndExit'
      const error: unknown = await pool.run('act', { id: 1, do: deed }).catch((thrown: unknown) => thrown)
      assert.ok(EisenmpError.is(error, 'ERR_EISENMP_OUTCOME_UNKNOWN'), String(error))
      const stderr = error.deaths?.[0]?.stderr ?? ''
      assert.ok(stderr.endsWith('last words\n'), stderr.slice(-100))
      assert.ok(stderr.length <= 64 * 1024)
    },
  },
]
