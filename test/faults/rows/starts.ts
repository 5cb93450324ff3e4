import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type EisenmpErrorCode, EisenmpError, type PoolOptions } from '../../../src/index.ts'
import { comesTrue, until, within } from '../deadline.ts'
import type { Row, StartRow } from '../row.ts'
import { faultsUrl, newPath, valuesUrl } from '../scene.ts'

const both = ['threads', 'processes'] as const
const everywhere = ['threads', 'processes', 'inline'] as const

/** A module of that text. */
export function writeModule(text: string, ending = '.mjs'): URL {
  const path = newPath(ending)
  writeFileSync(path, text)
  return pathToFileURL(path)
}

const start = { kind: 'start', mostStarts: 2, on: both } as const

/** Reported once, with the original error, and no storm of starts: one for each worker. */
const brokenModules: readonly StartRow[] = [
  {
    ...start,
    name: 'syntax error',
    covers: ['F13', 'P10'],
    on: everywhere,
    module: 'export function (',
    code: 'ERR_EISENMP_MODULE',
    says: /SyntaxError/,
  },
  {
    ...start,
    name: 'missing import',
    covers: ['F13', 'P10'],
    on: everywhere,
    module: "import { x } from './is-not-there.mjs'\nexport const task = () => x",
    code: 'ERR_EISENMP_MODULE',
    says: /is-not-there\.mjs[\s\S]*Check the path/,
  },
  {
    ...start,
    name: 'missing export of an import',
    covers: ['F13', 'P10'],
    on: everywhere,
    module: "import { absent } from 'node:path'\nexport const task = () => absent",
    code: 'ERR_EISENMP_MODULE',
    says: /absent/,
  },
  {
    ...start,
    name: 'exports no function',
    covers: ['F13', 'P10'],
    on: everywhere,
    module: 'export const answer = 42',
    code: 'ERR_EISENMP_MODULE',
    says: /exports no function/,
  },
  {
    ...start,
    name: 'throws at import',
    covers: ['F14', 'P10', 'P7'],
    on: everywhere,
    module:
      "export const task = () => 1\nthrow Object.assign(new RangeError('refused at import'), { code: 'E_IMPORT' })",
    code: 'ERR_EISENMP_MODULE',
    says: /RangeError: refused at import/,
  },
  {
    ...start,
    name: 'throws undefined at import',
    covers: ['F14', 'P10'],
    on: everywhere,
    module: 'export const task = () => 1\nthrow undefined',
    code: 'ERR_EISENMP_MODULE',
    says: /undefined/,
  },
  {
    ...start,
    name: 'throws what cannot be printed at import',
    covers: ['F14', 'P10'],
    on: everywhere,
    module: 'export const task = () => 1\nthrow Object.create(null)',
    code: 'ERR_EISENMP_MODULE',
    says: /Cannot load worker module/,
  },
  {
    ...start,
    name: 'top-level await that never resolves',
    covers: ['F14', 'P10', 'P11'],
    on: everywhere,
    module: 'export const task = () => 1\nawait new Promise(() => {})',
    pool: { startTimeoutMs: 600 },
    code: 'ERR_EISENMP_START',
    says: /startTimeoutMs[\s\S]*top-level await/,
  },
  {
    ...start,
    name: 'loops at import',
    covers: ['F14', 'F6', 'P10', 'P11'],
    module: 'export const task = () => 1\nfor (;;);',
    pool: { startTimeoutMs: 600 },
    code: 'ERR_EISENMP_START',
    says: /startTimeoutMs/,
  },
  {
    ...start,
    name: 'exits at import',
    covers: ['F14', 'F4', 'P10'],
    module: 'process.exit(5)',
    code: 'ERR_EISENMP_START',
    says: /exited with code 5/,
  },
  {
    ...start,
    name: 'exits with 0 at import',
    covers: ['F14', 'F4', 'P10'],
    module: 'process.exit(0)',
    code: 'ERR_EISENMP_START',
    says: /exited with code 0/,
  },
  {
    ...start,
    name: 'throws in a timer before it is ready',
    covers: ['F14', 'P10'],
    module: "setTimeout(() => { throw new Error('from a timer') }, 0)\nawait new Promise(() => {})",
    code: 'ERR_EISENMP_START',
    says: /from a timer/,
  },
  {
    ...start,
    name: 'is killed at import',
    covers: ['F11', 'F14', 'P10'],
    on: ['processes'],
    module: "process.kill(process.pid, 'SIGKILL')\nfor (;;);",
    code: 'ERR_EISENMP_START',
    says: /SIGKILL/,
  },
  {
    ...start,
    name: 'runs out of memory at import',
    covers: ['F9', 'F14', 'P10'],
    module: 'const kept = []\nfor (;;) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })))',
    pool: { workers: 1, resourceLimits: { maxOldGenerationSizeMb: 32 } },
    code: 'ERR_EISENMP_START',
    says: /out of memory/,
  },
  {
    ...start,
    name: 'Node option that does not exist',
    covers: ['F12', 'P10'],
    module: faultsUrl,
    pool: { execArgv: ['--no-such-option'] },
    code: 'ERR_EISENMP_START',
    says: /no-such-option/,
  },
  {
    ...start,
    name: 'NODE_OPTIONS that does not exist',
    covers: ['F12', 'P10'],
    module: faultsUrl,
    pool: { env: { NODE_OPTIONS: '--no-such-option' } },
    code: 'ERR_EISENMP_START',
    says: /no-such-option/,
  },
]

interface Misuse {
  readonly options: object
  readonly says: RegExp
  readonly code?: EisenmpErrorCode
}

/** Refused before a worker is made. */
const misuses: readonly Misuse[] = [
  { options: { resourceLimits: { maxOldGenerationSizeMb: 2 } }, says: /at least 16 MB/ },
  { options: { resourceLimits: { stackSizeMb: 0.1 } }, says: /at least 1 MB/ },
  { options: { resourceLimits: { maxOldGenerationSizeMB: 64 } }, says: /did you mean 'maxOldGenerationSizeMb'/ },
  { options: { workers: 0 }, says: /workers/ },
  { options: { workers: 1.5 }, says: /workers/ },
  { options: { wokers: 2 }, says: /did you mean 'workers'/ },
  { options: { backend: 'thread' }, says: /backend/ },
  { options: { itemTimeoutMs: 0 }, says: /itemTimeoutMs/ },
  { options: { graceMs: -1 }, says: /graceMs/ },
  { options: { graceMs: Number.NaN }, says: /graceMs/ },
  { options: { retries: { crash: -1 } }, says: /crash/ },
  { options: { retries: 3 }, says: /retries/ },
  { options: { env: { A: 1 } }, says: /env/ },
  { options: { execArgv: '--inspect' }, says: /execArgv/ },
  { options: { signal: {} }, says: /signal/ },
  { options: { recycle: { afterItems: 0 } }, says: /afterItems/ },
  { options: { permissions: { fsRead: '/' } }, says: /fsRead/ },
  { options: { modules: undefined }, says: /modules/ },
  { options: { modules: [] }, says: /empty list/, code: 'ERR_EISENMP_MODULE' },
  { options: { modules: './is-not-there.ts' }, says: /no such file/, code: 'ERR_EISENMP_MODULE' },
  {
    options: { modules: new URL('values.worke.ts', valuesUrl) },
    says: /did you mean '.*values\.worker\.ts'/,
    code: 'ERR_EISENMP_MODULE',
  },
  { options: { modules: 'https://localhost/x.js' }, says: /https/, code: 'ERR_EISENMP_MODULE' },
]

export const startRows: readonly Row[] = [
  ...brokenModules.map((row): Row => ({ ...row, name: `a worker module that fails at its start: ${row.name}` })),
  {
    kind: 'script',
    name: 'wrong options are refused before a worker is made',
    covers: ['F12', 'P20', 'P10'],
    on: everywhere,
    async run(scene) {
      for (const { options, says, code = 'ERR_EISENMP_OPTION' } of misuses) {
        const error: unknown = await scene.open(options as Partial<PoolOptions>).then(
          () => assert.fail(`${JSON.stringify(options)} was taken`),
          (reason: unknown) => reason,
        )
        assert.ok(EisenmpError.is(error, code), `${JSON.stringify(options)}: ${String(error)}`)
        assert.match(error.message, says)
      }
      assert.equal(scene.starts, 0)
    },
  },
  {
    kind: 'script',
    name: 'mates: a broken one is named, a good one comes before the main module',
    covers: ['F13', 'F14', 'P10'],
    on: everywhere,
    async run(scene) {
      const mates = [
        ['export const start = 1', /must export a function 'default'/],
        ["export default () => { throw new Error('mate refused') }", /mate refused/],
      ] as const
      for (const [text, says] of mates) {
        await assert.rejects(scene.open({ modules: [faultsUrl, writeModule(text)] }), (error) => {
          assert.ok(
            EisenmpError.is(error, 'ERR_EISENMP_MODULE') || EisenmpError.is(error, 'ERR_EISENMP_START'),
            String(error),
          )
          assert.match(error.message, says)
          return true
        })
      }
      const mate = writeModule('export default () => { globalThis.mateWasHere = true }')
      const main = writeModule('const seen = globalThis.mateWasHere\nexport const look = () => seen')
      const pool = await scene.open({ modules: [main, mate] })
      assert.equal(await pool.run('look'), true)
    },
  },
  {
    kind: 'script',
    name: 'one start of several fails: the pool works with the others, and the seat is filled again',
    covers: ['F15', 'P9'],
    on: both,
    async run(scene) {
      const fault = { do: 'throw', once: newPath() }
      const modules = new URL(`?fault=${encodeURIComponent(JSON.stringify(fault))}`, faultsUrl)
      const pool = await scene.open({ modules })
      const done = await pool.map('act', [{ id: 1 }, { id: 2 }]).toArray()
      assert.deepEqual(done, [{ id: 1 }, { id: 2 }])
      await until('both workers are ready', () => pool.stats().workers.every(({ state }) => state === 'idle'))
      assert.equal(scene.starts, 3)
    },
  },
  {
    kind: 'script',
    name: 'workers that die idle again and again: the pool gives up, all pending and later calls reject',
    covers: ['P9', 'P11'],
    on: both,
    async run(scene) {
      const text =
        'export const task = () => new Promise(() => {})\nsetImmediate(() => setTimeout(() => process.exit(1), 20))'
      const pool = await scene.open({ modules: writeModule(text), workers: 1, restarts: { max: 2, withinMs: 60_000 } })
      await until(
        'the pool gives up',
        () => pool.stats().workers.every(({ state }) => state === 'empty') && scene.starts >= 3,
      )
      await assert.rejects(within('run()', pool.run('task')), { code: 'ERR_EISENMP_RESTARTS' })
      await assert.rejects(within('a stream', pool.from([1, 2]).map('task').toArray()), {
        code: 'ERR_EISENMP_RESTARTS',
      })
      assert.equal(scene.starts, 3)
    },
  },
  {
    kind: 'script',
    name: 'replacements that cannot start: pending calls reject with the reason',
    covers: ['P9', 'P11', 'F15'],
    on: both,
    async run(scene) {
      const marker = newPath()
      // The first life is good, all others fail.
      const text = [
        "import { writeFileSync } from 'node:fs'",
        `try { writeFileSync(${JSON.stringify(marker)}, '', { flag: 'wx' }) } catch { throw new Error('never again') }`,
        'export const die = () => process.exit(1)',
        'export const stay = () => 1',
      ]
      const pool = await scene.open({
        modules: writeModule(text.join('\n')),
        workers: 1,
        restarts: { max: 1, withinMs: 60_000 },
      })
      const calls = await within('the calls', Promise.allSettled([pool.run('die'), pool.run('stay')]))
      for (const call of calls)
        assert.ok(call.status === 'rejected' && EisenmpError.is(call.reason, 'ERR_EISENMP_RESTARTS'))
      assert.match(String(calls[0].status === 'rejected' && calls[0].reason), /never again/)
    },
  },
  {
    kind: 'script',
    name: 'abort of a pool that starts: the reason comes out and nothing stays',
    covers: ['F28', 'P14', 'P16'],
    on: everywhere,
    async run(scene) {
      const abort = new AbortController()
      const modules = writeModule('await new Promise(() => {})\nexport const task = () => 1')
      const opening = scene.open({ modules, signal: abort.signal })
      opening.catch(() => {})
      await comesTrue(() => scene.starts > 0)
      const reason = new Error('no longer wanted')
      abort.abort(reason)
      await assert.rejects(opening, reason)
      await assert.rejects(scene.open({ signal: AbortSignal.abort(reason) }), reason)
    },
  },
]
