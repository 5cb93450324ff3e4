import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Backend } from '../../src/backend.ts'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { createProcessesBackend } from '../../src/backends/processes.ts'
import { createThreadsBackend } from '../../src/backends/threads.ts'
import { EisenmpError, type ModuleReference, createPool } from '../../src/index.ts'
import { startPool } from '../../src/pool/create-pool.ts'
import { toFixture } from '../support/live-worker.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { within } from '../support/wait-until.ts'

const url = toFixture('contract.worker.ts')
const folder = new TempFolder()
after(() => folder.remove())

/** Counts the workers that a backend starts. */
class Starts {
  count = 0

  #watch(create: () => Backend): () => Backend {
    return () => {
      const backend = create()
      const start: Backend['start'] = (spec, events) => {
        this.count += 1
        return backend.start(spec, events)
      }
      return { ...backend, start }
    }
  }

  get factories(): Parameters<typeof startPool>[1] {
    return {
      inline: this.#watch(createInlineBackend),
      threads: this.#watch(createThreadsBackend),
      processes: this.#watch(createProcessesBackend),
    }
  }
}

async function refuse(options: object): Promise<{ error: EisenmpError; starts: number }> {
  const starts = new Starts()
  const error: unknown = await within(
    startPool({ modules: url, backend: 'inline', workers: 2, ...options }, starts.factories).then(
      () => assert.fail('it has started'),
      (reason: unknown) => reason,
    ),
    'createPool()',
  )
  assert.ok(EisenmpError.is(error), String(error))
  return { error, starts: starts.count }
}

describe('createPool() starts no worker', () => {
  for (const [name, options, code] of [
    ['for a bad option', { workers: 0 }, 'ERR_EISENMP_OPTION'],
    ['for a misspelt one', { wrokers: 2 }, 'ERR_EISENMP_OPTION'],
    ['for a missing module', { modules: './nowhere.worker.ts' }, 'ERR_EISENMP_MODULE'],
    ['for a missing mate', { modules: [url, './nowhere.worker.ts'] }, 'ERR_EISENMP_MODULE'],
    ['for a config that cannot travel', { config: { rows: [() => {}] } }, 'ERR_EISENMP_CLONE'],
    [
      'for a config that cannot leave the process',
      { backend: 'processes', config: new SharedArrayBuffer(1) },
      'ERR_EISENMP_CLONE',
    ],
  ] as const) {
    it(name, async () => {
      const { error, starts } = await refuse(options)
      assert.deepEqual([error.code, starts], [code, 0])
    })
  }

  it('when its signal has fired before', async () => {
    const starts = new Starts()
    const signal = AbortSignal.abort('no')
    await assert.rejects(startPool({ modules: url, signal }, starts.factories), (error) => error === 'no')
    assert.equal(starts.count, 0)
  })
})

describe('createPool() reports a module that cannot be loaded once, with its cause', () => {
  const faults: readonly (readonly [name: string, file: string, text: string, cause: string, says: RegExp])[] = [
    [
      'a syntax error',
      'broken.mjs',
      'export const = 5',
      'SyntaxError',
      /broken\.mjs: SyntaxError: .*is it an ES module\?$/,
    ],
    [
      'a missing import',
      'imports.ts',
      "import './nowhere.ts'\nexport const f = () => 1",
      'Error',
      /Check the path; relative imports/,
    ],
    [
      'an error while it is loaded',
      'throws.ts',
      "throw Object.assign(new RangeError('not today'), { code: 'E' })",
      'RangeError',
      /not today/,
    ],
    ['no task', 'empty.ts', 'export const limit = 5', 'LoadError', /it exports no function; export the tasks by name/],
    [
      'TypeScript inside node_modules',
      'node_modules/pack/w.ts',
      'export const f = () => 1',
      'Error',
      /publish the module compiled/,
    ],
  ]
  for (const [name, file, text, cause, says] of faults) {
    // What a thread or process makes of it is in the contract of the backends.
    for (const backend of cause === 'RangeError' ? ['inline', 'processes'] : ['inline']) {
      it(`${name} (${backend})`, async () => {
        const { error, starts } = await refuse({ modules: folder.write(file, text), backend })
        assert.equal(error.code, 'ERR_EISENMP_MODULE')
        assert.match(error.message, says)
        assert.equal((error.cause as Error).name, cause)
        if (cause === 'RangeError') assert.equal((error.cause as { code?: unknown }).code, 'E')
        // One for each seat: no start was tried again.
        assert.equal(starts, 2)
      })
    }
  }

  it('and a mate that throws, with its name', async () => {
    const mate = folder.write('mate.ts', "export default () => { throw new RangeError('no luck') }")
    const { error } = await refuse({ modules: [url, mate] })
    assert.match(
      error.message,
      /^Cannot load worker module file:.*mate\.ts: the 'default' of this mate threw: RangeError: no luck$/,
    )
  })

  it('and a worker that does not get ready in time', async () => {
    const slow = folder.write(
      'slow.ts',
      'await new Promise(() => setInterval(() => {}, 1000)); export const f = () => 1',
    )
    for (const backend of ['threads', 'processes']) {
      const { error } = await refuse({ modules: slow, backend, workers: 1, startTimeoutMs: 300 })
      assert.deepEqual([error.code, error.worker], ['ERR_EISENMP_START', '0.1'])
      assert.match(
        error.message,
        /within startTimeoutMs: 300 ms have passed.*; raise startTimeoutMs, or look for a top-level await/,
      )
    }
  })
})

describe('createPool() takes', () => {
  const path = fileURLToPath(url)
  const compiled = folder.write('node_modules/compiled/index.js', 'exports.double = (n) => n * 2')
  const forms: readonly (readonly [name: string, modules: ModuleReference | readonly ModuleReference[]])[] = [
    ['a URL', new URL(url)],
    ['an absolute path', path],
    ['a path relative to the working directory', `./${relative(process.cwd(), path)}`],
    ['a data: URL', 'data:text/javascript,export const double = (n) => n * 2'],
    ['an object', { url, export: 'unused' }],
    ['JavaScript inside node_modules', compiled],
    ['a factory', () => new (globalThis as unknown as { Worker: new (given: URL) => unknown }).Worker(new URL(url))],
    [
      'mates beside the main module',
      [new URL(url), toFixture('mate-one.worker.ts'), { url: toFixture('mate-two.worker.ts'), export: 'named' }],
    ],
  ]
  for (const [name, modules] of forms) {
    it(name, async () => {
      const pool = await createPool({ modules, backend: 'inline', workers: 1 })
      assert.equal(await pool.run('double', 4), 8)
      await pool.close()
    })
  }

  it('a signal, which ends everything with its reason and is let go', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const pool = await createPool({ modules: url, backend: 'inline', workers: 1, signal: controller.signal })
    const pending = pool.run('waitForAbort', 0)
    controller.abort(reason)
    await assert.rejects(pending, reason)
    await assert.rejects(pool.run('double', 1), reason)
    await within(pool.close(), 'close()')
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  })

  it('a signal that fires while the workers start', async () => {
    const controller = new AbortController()
    const starting = createPool({ modules: url, backend: 'threads', workers: 1, signal: controller.signal })
    controller.abort('no')
    await assert.rejects(within(starting, 'createPool()'), (error) => error === 'no')
  })

  it('more workers than there are cores', async () => {
    const workers = 2 * availableParallelism() + 1
    const items = Array.from({ length: 200 }, (_, index) => index)
    const doubled = items.map((n) => 2 * n)
    for (const backend of ['threads', 'processes'] as const) {
      const pool = await createPool({ modules: url, backend, workers })
      // As many as are asked for, all of them ready.
      await within(pool.resize(workers), 'all workers')
      assert.deepEqual(await pool.from(items, { chunk: 1 }).map('double').toArray(), doubled)
      assert.equal(pool.stats().workers.length, workers)
      await pool.close()
    }
  })

  it('an environment for its workers', async () => {
    const modules = folder.write('env.ts', 'export const read = (name: string) => process.env[name]')
    for (const backend of ['threads', 'processes'] as const) {
      const pool = await createPool({ modules, backend, workers: 1, env: { ...process.env, EISENMP_TEST: 'given' } })
      assert.equal(await pool.run('read', 'EISENMP_TEST'), 'given')
      await pool.close()
    }
    assert.equal(process.env['EISENMP_TEST'], undefined)
  })
})
