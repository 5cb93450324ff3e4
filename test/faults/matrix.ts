import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type BackendName, EisenmpError } from '../../src/index.ts'
import type { Done } from '../fixtures/faults.worker.ts'
import { readChain } from './chain.ts'
import { stretch, within } from './deadline.ts'
import type { DeadItem, ItemsRow, Row, StartRow } from './row.ts'
import { Scene, newPath } from './scene.ts'

/** The time trap of a row. */
const TRAP_MS = 10_000

function assertDead(id: number, error: EisenmpError, { code, says, deaths }: DeadItem): void {
  assert.equal(error.code, code, `item ${id}: ${readChain(error)}`)
  assert.equal(error.index, id)
  assert.equal((error.item as Done).id, id)
  if (says !== undefined)
    assert.match(`${readChain(error)}\n${error.deaths?.map(({ reason }) => reason).join('\n')}`, says)
  if (deaths !== undefined) assert.equal(error.deaths?.length ?? 0, deaths, readChain(error))
}

async function runItems(row: ItemsRow, scene: Scene): Promise<void> {
  const { dead = {}, pool: options, stream, restarts } = row
  const pool = await scene.open(options)
  const items = row.items()
  const letters = new Map<number, EisenmpError>()
  const arrived: number[] = []
  const onError = (letter: EisenmpError): void => {
    assert.ok(!letters.has(letter.index!), `item ${letter.index} failed twice`)
    letters.set(letter.index!, letter)
  }
  const consume = async (): Promise<void> => {
    for await (const done of pool.from(items, { chunk: 3, ...stream, onError }).map('act'))
      arrived.push((done as Done).id)
  }
  await within('the stream', consume(), row.trapMs ?? TRAP_MS - 500)
  const shown = [...letters].map(([id, letter]) => `${id}: ${readChain(letter)}`).join('\n')
  const honest = items.map(({ id }) => id).filter((id) => !(id in dead))
  if (stream?.ordered === false) arrived.sort((a, b) => a - b)
  assert.deepEqual(arrived, honest, `each honest item once and in order; dead letters:\n${shown}`)
  assert.deepEqual(
    [...letters.keys()].sort((a, b) => a - b),
    Object.keys(dead).map(Number),
    shown,
  )
  for (const [id, expected] of Object.entries(dead)) assertDead(Number(id), letters.get(Number(id))!, expected)
  if (restarts !== undefined) assertRestarts(scene.starts - Number(options?.workers ?? 2), restarts)
}

function assertRestarts(actual: number, expected: number | readonly [number, number]): void {
  const [least, most] = typeof expected === 'number' ? [expected, expected] : expected
  assert.ok(actual >= least && actual <= most, `${actual} workers were replaced, not ${least} to ${most}`)
}

async function runStart({ module, pool, code, says, mostStarts }: StartRow, scene: Scene): Promise<void> {
  let modules = module
  if (typeof modules === 'string') {
    const path = newPath('.mjs')
    writeFileSync(path, modules)
    modules = pathToFileURL(path)
  }
  const error = await scene.open({ modules, ...pool }).then(
    () => assert.fail('the pool started'),
    (thrown: unknown) => thrown,
  )
  assert.ok(EisenmpError.is(error, code), readChain(error))
  assert.match(readChain(error), says)
  assert.ok(scene.starts <= mostStarts, `${scene.starts} workers were started, not at most ${mostStarts}`)
}

function run(row: Row, scene: Scene): Promise<void> {
  if (row.kind === 'items') return runItems(row, scene)
  return row.kind === 'start' ? runStart(row, scene) : row.run(scene)
}

async function play(row: Row, backend: BackendName): Promise<void> {
  const scene = new Scene(backend)
  try {
    await within(row.name, run(row, scene), row.trapMs ?? TRAP_MS)
  } catch (error) {
    // What the row has broken may also keep it from closing; its own error says more.
    await scene.close().catch((left: unknown) => console.error('And then:', left))
    throw error
  }
  await scene.close()
}

/** Runs all rows of a backend, one after another: only then what is left behind has an owner. */
export function runMatrix(backend: BackendName, rows: readonly Row[]): void {
  describe(`faults on ${backend}`, () => {
    for (const row of rows.filter(({ on }) => on.includes(backend))) {
      const timeout = stretch((row.trapMs ?? TRAP_MS) + 12_000)
      it(`${row.name} (${row.covers.join(' ')})`, { timeout, skip: row.skip ?? false }, () => play(row, backend))
    }
  })
}
