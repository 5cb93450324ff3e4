import assert from 'node:assert/strict'
import { EisenmpError, type Pool } from '../../../src/index.ts'
import type * as Values from '../../fixtures/values.worker.ts'
import type { Row } from '../row.ts'
import { valuesUrl } from '../scene.ts'

const everywhere = ['threads', 'processes', 'inline'] as const

type Odd = Error & { code?: unknown; detail?: unknown; field?: unknown; callback?: unknown; errors?: unknown[] }

function asError(cause: unknown): Odd {
  assert.ok(cause instanceof Error, `an Error arrives, not ${String(cause)}`)
  return cause
}

function isOdd(cause: unknown, message: string): void {
  const error = asError(cause)
  assert.ok(error instanceof RangeError)
  assert.equal(error.constructor.name, 'OddError')
  assert.deepEqual([error.name, error.message, error.code, error.detail], ['OddName', message, 'E_ODD', { at: [1, 2] }])
  assert.match(error.stack ?? '', /values\.worker\.ts/)
}

/** What must arrive as `cause` of the error, by the name of what is thrown. */
const causes: Readonly<Record<string, (cause: unknown) => void>> = {
  error(cause) {
    assert.equal(asError(cause).constructor, Error)
    assert.equal(asError(cause).message, 'plain')
    assert.match(asError(cause).stack ?? '', /values\.worker\.ts:\d+[\s\S]*at \[worker 0\.1\]/)
  },
  typeError: (cause) => assert.ok(cause instanceof TypeError && cause.message === 'of type'),
  subclass: (cause) => isOdd(cause, 'two words'),
  string: (cause) => assert.equal(cause, 'a string'),
  undefined: (cause) => assert.equal(cause, undefined),
  null: (cause) => assert.equal(cause, null),
  number: (cause) => assert.ok(Object.is(cause, -0)),
  symbol: (cause) => assert.match(String(cause), /symbol/i),
  function: (cause) => assert.match(String(cause), /function fail/),
  object: (cause) => assert.deepEqual(cause, { why: 'an object', list: [1] }),
  objectWithFunction: (cause) => assert.match(String(cause), /Object/),
  frozen: (cause) => isOdd(cause, 'frozen error'),
  functionField: (cause) => assert.match(String(asError(cause).callback), /function fail/),
  throwingField: (cause) => assert.match(String(asError(cause).field), /reading it threw/),
  throwingMessage: (cause) => assert.equal(typeof asError(cause).message, 'string'),
  throwingStack: (cause) => assert.equal(asError(cause).message, 'with fields'),
  chain(cause) {
    assert.equal(asError(cause).message, 'outer')
    const inner = asError(cause).cause
    assert.ok(inner instanceof TypeError && inner.message === 'inner' && inner.cause === 'innermost')
  },
  longChain: (cause) => assert.equal(asError(cause).message, '4999'),
  circular: (cause) => assert.equal(asError(cause).message, 'in a circle'),
  aggregate(cause) {
    assert.ok(cause instanceof AggregateError && cause.message === 'of three')
    isOdd(cause.errors[0], 'a b')
    assert.deepEqual(cause.errors.slice(1), ['text', undefined])
  },
  domException: (cause) => assert.ok(cause instanceof DOMException && cause.name === 'AbortError'),
  hugeStack: (cause) => assert.ok((asError(cause).stack ?? '').length <= 66_000),
  proxy: (cause) => assert.ok(cause !== undefined),
  revoked: (cause) => assert.equal(typeof cause, 'string'),
  nullPrototype: (cause) => assert.deepEqual({ ...(cause as object) }, { a: 1 }),
  instance: (cause) => assert.deepEqual({ ...(cause as object) }, { x: 1 }),
  deep: (cause) => assert.equal(typeof cause, 'string'),
}

async function checkThrown(pool: Pool<typeof Values>, task: 'throwValue' | 'rejectValue', name: string): Promise<void> {
  const error: unknown = await pool.run(task, name).then(
    () => assert.fail(`${name} did not throw`),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error, 'ERR_EISENMP_TASK'), `${name}: ${String(error)}`)
  assert.deepEqual([error.item, error.index, error.attempt], [name, 0, 1], name)
  assert.ok(error.ticket !== undefined && error.worker === '0.1', name)
  try {
    causes[name]!(error.cause)
  } catch (problem) {
    throw new Error(`thrown value '${name}' by ${task}`, { cause: problem })
  }
}

export const thrownRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'whatever a task throws or rejects with comes out whole, and its worker works on',
    covers: ['F1', 'F2', 'P1', 'P7', 'P13'],
    on: everywhere,
    async run(scene) {
      const pool = await scene.open<typeof Values>({ modules: valuesUrl, workers: 1 })
      for (const name of Object.keys(causes)) {
        await checkThrown(pool, 'throwValue', name)
        await checkThrown(pool, 'rejectValue', name)
      }
      assert.equal(await pool.run('echo', 'still here'), 'still here')
      assert.equal(scene.starts, 1)
    },
  },
  {
    kind: 'script',
    name: 'errors of tasks use retries.error and nothing else',
    covers: ['F1', 'P7'],
    on: everywhere,
    async run(scene) {
      const pool = await scene.open<typeof Values>({ modules: valuesUrl, workers: 1, retries: { error: 2 } })
      assert.deepEqual(await pool.map('failTwice', [1, 2, 3]).toArray(), [3, 3, 3])
      const { attempts, errors, crashes } = pool.stats()
      assert.deepEqual({ attempts, errors, crashes }, { attempts: 9, errors: 6, crashes: 0 })
      assert.equal(scene.starts, 1)
    },
  },
]
