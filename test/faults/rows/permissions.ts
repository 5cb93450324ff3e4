import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { EisenmpError, type Pool } from '../../../src/index.ts'
import type * as Permitted from '../../fixtures/permissions.worker.ts'
import type { Row } from '../row.ts'
import { newPath } from '../scene.ts'

const modules = new URL('../../fixtures/permissions.worker.ts', import.meta.url)
const both = ['threads', 'processes'] as const
const major = Number(process.versions.node.split('.')[0])

async function assertDenied(what: string, call: Promise<unknown>): Promise<void> {
  const error: unknown = await call.then(
    () => assert.fail(`${what} was not denied`),
    (reason: unknown) => reason,
  )
  assert.ok(EisenmpError.is(error, 'ERR_EISENMP_TASK'), `${what}: ${String(error)}`)
  assert.equal((error.cause as { code?: unknown }).code, 'ERR_ACCESS_DENIED', what)
}

function makeFile(): string {
  const path = newPath('.txt')
  writeFileSync(path, 'secret')
  return path
}

/** A port where nobody listens answers at once; that of a denied connection is never asked. */
const PORT = 9

async function tryAll(pool: Pool<typeof Permitted>, granted: string, other: string): Promise<void> {
  assert.equal(await pool.run('read', granted), 'secret')
  await assertDenied('reading', pool.run('read', other))
  await assertDenied('writing', pool.run('write', newPath()))
  await assertDenied('writing what may be read', pool.run('write', granted))
  await assertDenied('a child process', pool.run('startChild'))
  await assertDenied('a thread', pool.run('startThread'))
  if (major < 26) assert.notEqual(await pool.run('reach', PORT), 'ERR_ACCESS_DENIED')
}

export const permissionRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'permissions: what is not granted is denied, the worker works on',
    covers: ['F12', 'P13'],
    on: both,
    async run(scene) {
      const granted = makeFile()
      const pool = await scene.open<typeof Permitted>({ modules, workers: 1, permissions: { fsRead: [granted] } })
      await tryAll(pool, granted, makeFile())
      if (major >= 26) await assertNetDenied(pool)
      assert.equal(scene.starts, 1)
    },
  },
  {
    kind: 'script',
    name: 'permissions: what is granted is allowed',
    covers: ['F12'],
    on: both,
    async run(scene) {
      const file = makeFile()
      const permissions = { fsRead: ['*'], fsWrite: [file], childProcess: true, worker: true, net: true }
      const pool = await scene.open<typeof Permitted>({ modules, workers: 1, permissions })
      assert.equal(await pool.run('read', file), 'secret')
      assert.equal(await pool.run('write', file), 'written')
      assert.equal(await pool.run('startChild'), 0)
      assert.equal(await pool.run('startThread'), 'started')
      assert.equal(await pool.run('reach', PORT), 'ECONNREFUSED')
      await assertDenied('writing elsewhere', pool.run('write', newPath()))
    },
  },
]

/** Denied by an exception or by an event, as it comes. */
async function assertNetDenied(pool: Pool<typeof Permitted>): Promise<void> {
  const answer = await pool.run('reach', PORT).catch((error: unknown) => {
    return (error as { cause?: { code?: unknown } }).cause?.code
  })
  assert.equal(answer, 'ERR_ACCESS_DENIED')
}
