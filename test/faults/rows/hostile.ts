import assert from 'node:assert/strict'
import { EisenmpError, type Pool } from '../../../src/index.ts'
import type * as Hostile from '../../fixtures/hostile.worker.ts'
import { readChain } from '../chain.ts'
import { within } from '../deadline.ts'
import type { Row } from '../row.ts'
import type { Scene } from '../scene.ts'

const hostileUrl = new URL('../../fixtures/hostile.worker.ts', import.meta.url)

/** Deeds of the fixture. `fails`: the worker's own code, or Node's, needs what was taken; then an error is as good as an answer. */
const deeds: Readonly<Record<string, 'works' | 'fails'>> = {
  arrayMethods: 'fails',
  arrayPush: 'fails',
  mapMethods: 'fails',
  setMethods: 'fails',
  objectStatics: 'fails',
  json: 'works',
  promise: 'works',
  promiseThen: 'fails',
  structuredClone: 'fails',
  timers: 'works',
  performanceNow: 'works',
  dateNow: 'works',
  hrtime: 'works',
  processExit: 'works',
  processGone: 'fails',
  bufferStatics: 'fails',
  errorGone: 'fails',
  removeListeners: 'fails',
  removeSignalListeners: 'works',
  chdir: 'works',
  prototypeKeys: 'fails',
  prototypeThen: 'works',
  frozenPrototypes: 'works',
  stdout: 'works',
  consoleGone: 'works',
  uncaughtHandler: 'works',
  messagePortMethods: 'works',
}

interface Answer {
  readonly value?: unknown
  readonly error?: unknown
}

function settle(what: string, call: Promise<unknown>): Promise<Answer> {
  return within(
    what,
    call.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
  )
}

async function check(what: string, mayFail: boolean, call: Promise<unknown>, expected: unknown): Promise<void> {
  const { value, error } = await settle(what, call)
  if (error === undefined) assert.deepEqual(value, expected, what)
  else assert.ok(mayFail && EisenmpError.is(error), `${what}: ${readChain(error)}`)
}

/** Whatever the worker was turned into: each call has an outcome, and what comes back is right. */
async function useAfter(pool: Pool<typeof Hostile>, deed: string, mayFail: boolean): Promise<void> {
  await check(`spoil ${deed}`, mayFail, pool.run('spoil', deed), deed)
  await check(`double after ${deed}`, mayFail, pool.run('double', 3), 6)
  await check(`doubleLater after ${deed}`, mayFail, pool.run('doubleLater', 4), 8)
  const row = { n: 5, list: [5, { deep: new Map([[5, new Date(5)]]) }] }
  await check(`rows after ${deed}`, mayFail, pool.run('rows', 5), row)
  const { error } = await settle(`refuse after ${deed}`, pool.run('refuse', 6))
  assert.ok(EisenmpError.is(error, mayFail ? undefined : 'ERR_EISENMP_TASK'), readChain(error))
}

/** Calls of one deed: then its worker is replaced, so that each deed has one of its own. */
const CALLS = 5

function open(scene: Scene): Promise<Pool<typeof Hostile>> {
  return scene.open<typeof Hostile>({
    modules: hostileUrl,
    workers: 1,
    itemTimeoutMs: 1000,
    retries: { crash: 0 },
    recycle: { afterItems: CALLS },
  })
}

/** What a process has and a thread has not, or does in another way; the rest is tried on threads, which start faster. */
const ofProcesses: ReadonlySet<string> = new Set(
  ['arrayPush', 'promise', 'timers', 'structuredClone', 'bufferStatics', 'processExit', 'processGone', 'hrtime'].concat(
    ['removeListeners', 'removeSignalListeners', 'chdir', 'stdout', 'uncaughtHandler', 'prototypeKeys'],
  ),
)

async function spoilAll(scene: Scene): Promise<void> {
  let pool = await open(scene)
  for (const [deed, end] of Object.entries(deeds)) {
    if (scene.backend === 'processes' && !ofProcesses.has(deed)) continue
    await useAfter(pool, deed, end === 'fails')
    // After a crash the rest of the calls went to the next worker, which must not serve the next deed as well.
    if (pool.stats().crashes + pool.stats().timeouts === 0) continue
    await within(`destroy() after ${deed}`, pool.destroy())
    pool = await open(scene)
  }
}

export const hostileRows: readonly Row[] = [
  {
    kind: 'script',
    name: 'tasks that replace globals: every item has its outcome, a right answer or an error; nothing hangs',
    covers: ['F39', 'P1', 'P11', 'P13'],
    on: ['threads', 'processes'],
    trapMs: 25_000,
    run: spoilAll,
  },
]
