import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { checkPoolOptions } from '../../src/pool/pool-options.ts'

const modules = './tasks.worker.ts'

function check(options: object): Record<string, unknown> {
  return checkPoolOptions({ modules, ...options }, () => 3) as unknown as Record<string, unknown>
}

function refuse(options: object): string {
  try {
    check(options)
  } catch (error) {
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_OPTION'), String(error))
    return error.message
  }
  return assert.fail('it was taken')
}

describe('checkPoolOptions()', () => {
  afterEach(() => {
    for (const name of ['signal', 'itemTimeoutMs', 'childProcess']) Reflect.deleteProperty(Object.prototype, name)
  })

  it('fills in the defaults', () => {
    const { modules: given, backend, workers, retries, restarts, recycle, startTimeoutMs, graceMs } = check({})
    assert.deepEqual([given, backend, workers, startTimeoutMs, graceMs], [modules, 'threads', 3, 10_000, 5000])
    assert.deepEqual(
      [{ ...(retries as object) }, { ...(restarts as object) }, { ...(recycle as object) }],
      [{ crash: 2, error: 0, timeout: 0 }, { max: 10, withinMs: 60_000 }, {}],
    )
  })

  it('has no more workers than may be, however many cores there are', () => {
    assert.equal(checkPoolOptions({ modules }, () => 5000).workers, 1024)
  })

  it('has as many workers as suit the cores that are given', () => {
    const { workers } = checkPoolOptions({ modules, cores: [1, 3] }, (cores) => (cores as number[]).length)
    assert.equal(workers, 2)
  })

  it('keeps the defaults of what is given in part', () => {
    const { retries, restarts } = check({ retries: { error: 1, crash: undefined }, restarts: { max: 0 } })
    assert.deepEqual({ ...(retries as object) }, { crash: 2, error: 1, timeout: 0 })
    assert.deepEqual({ ...(restarts as object) }, { max: 0, withinMs: 60_000 })
  })

  it('takes everything that is allowed', () => {
    const { signal } = new AbortController()
    const options = {
      backend: 'processes',
      workers: 1024,
      config: Symbol('whatever'),
      cores: 'each',
      nice: -20,
      itemTimeoutMs: 1,
      startTimeoutMs: 2 ** 31 - 1,
      graceMs: 0,
      recycle: { afterItems: 1, maxHeapMb: 0.5 },
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 4, stackSizeMb: 1 },
      execArgv: ['--no-warnings'],
      permissions: {
        fsRead: ['/a'],
        fsWrite: [],
        childProcess: true,
        worker: false,
        addons: true,
        wasi: true,
        net: true,
      },
      signal,
    }
    const settings = check(options)
    for (const [name, value] of Object.entries(options)) {
      const taken = settings[name]
      assert.deepEqual(
        typeof value === 'object' && name !== 'signal' && !Array.isArray(value) ? { ...(taken as object) } : taken,
        value,
        name,
      )
    }
  })

  it('takes an environment as process.env gives it, and leaves out what is undefined', () => {
    assert.deepEqual(check({ env: { A: 'a', B: undefined } })['env'], { A: 'a' })
    const { PATH } = check({ env: { ...process.env } })['env'] as { PATH: string }
    assert.equal(PATH, process.env['PATH'])
  })

  it('reads nothing that was put into Object.prototype', () => {
    for (const [name, value] of Object.entries({ signal: AbortSignal.abort(), itemTimeoutMs: 1, childProcess: true }))
      Reflect.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
    const settings = check({ permissions: { fsRead: [] } })
    assert.deepEqual([settings['signal'], settings['itemTimeoutMs']], [undefined, undefined])
    assert.equal((settings['permissions'] as { childProcess?: boolean }).childProcess, undefined)
  })

  it('wants to know the modules', () => {
    for (const options of [{ modules: undefined }, { modules: undefined, workers: 2 }])
      assert.match(
        refuse(options),
        /^Cannot use the options of createPool\(\): 'modules' is missing; name the worker module: modules: new URL/,
      )
  })

  const bad: readonly (readonly [options: object, text: string])[] = [
    [{ worker: 2 }, "'worker' of createPool(): there is no such option; did you mean 'workers'?"],
    [
      { backend: 'thread' },
      `'backend' of createPool(): it is "thread"; it must be "threads" or "processes" or "inline"`,
    ],
    [{ workers: 0 }, "'workers' of createPool(): it is 0; it must be a whole number from 1 to 1024"],
    [{ workers: 1025 }, 'it is 1025; it must be a whole number from 1 to 1024'],
    [{ workers: 2.5 }, 'it is 2.5; it must be a whole number'],
    [{ workers: '2' }, 'it is "2"; it must be a whole number'],
    [{ workers: Number.NaN }, 'it is NaN; it must be a whole number'],
    [{ workers: null }, 'it is null; it must be a whole number'],
    [{ cores: [] }, "'cores' of createPool(): it is an array of 0; it must be 'each' or an array of numbers of cores"],
    [{ cores: [0, 0] }, "it must be 'each' or an array of numbers of cores, each once"],
    [{ cores: [-1] }, "'cores'"],
    [{ cores: [0.5] }, "'cores'"],
    [{ cores: ['0'] }, "'cores'"],
    [{ cores: 1 }, "'cores' of createPool(): it is 1; it must be 'each' or"],
    [{ cores: 'all' }, "'cores' of createPool(): it is \"all\"; it must be 'each' or"],
    [{ nice: 20 }, "'nice' of createPool(): it is 20; it must be a whole number from -20 to 19"],
    [{ nice: -21 }, "'nice'"],
    [{ nice: 0.5 }, "'nice'"],
    [{ itemTimeoutMs: 0 }, "'itemTimeoutMs' of createPool(): it is 0; it must be a time in ms from 1 to 2147483647"],
    [{ itemTimeoutMs: Infinity }, 'it is Infinity; it must be a time in ms'],
    [{ startTimeoutMs: -1 }, "'startTimeoutMs'"],
    [{ graceMs: -1 }, "'graceMs' of createPool(): it is -1; it must be a time in ms from 0 to 2147483647"],
    [{ graceMs: '5s' }, "'graceMs'"],
    [{ retries: 2 }, "'retries' of createPool(): it is 2; it must be an object"],
    [{ retries: [2] }, 'it is an array of 1; it must be an object'],
    [
      { retries: { crashes: 1 } },
      "'crashes' of createPool({ retries }): there is no such option; did you mean 'crash'?",
    ],
    [{ retries: { crash: -1 } }, "'crash' of createPool({ retries }): it is -1; it must be a whole number from 0"],
    [{ retries: { crash: Infinity } }, 'it is Infinity; it must be a whole number from 0'],
    [{ restarts: { max: 1.5 } }, "'max' of createPool({ restarts })"],
    [{ restarts: { withinMs: 0 } }, "'withinMs' of createPool({ restarts })"],
    [{ recycle: { afterItems: 0 } }, "'afterItems' of createPool({ recycle })"],
    [{ recycle: { maxHeapMb: 0 } }, "'maxHeapMb' of createPool({ recycle })"],
    [
      { resourceLimits: { maxOldGenerationSizeMb: 15 } },
      'it must be at least 16 MB; with less the whole program can end',
    ],
    [{ resourceLimits: { stackSizeMb: 0.5 } }, 'it must be at least 1 MB; with less the whole program can end'],
    [{ resourceLimits: { maxYoungGenerationSizeMb: 0 } }, 'it must be at least 1 MB'],
    [{ resourceLimits: { codeRangeSizeMb: '4' } }, "'codeRangeSizeMb' of createPool({ resourceLimits })"],
    [
      { resourceLimits: { maxOldSpace: 64 } },
      "'maxOldSpace' of createPool({ resourceLimits }): there is no such option",
    ],
    [{ env: { A: 1 } }, "'env' of createPool(): it is an object; it must be an object of strings"],
    [{ env: ['A=1'] }, 'it must be an object of strings'],
    [
      { execArgv: '--no-warnings' },
      '\'execArgv\' of createPool(): it is "--no-warnings"; it must be an array of strings',
    ],
    [{ execArgv: [5] }, "'execArgv'"],
    [{ permissions: { fsread: ['/'] } }, "did you mean 'fsRead'?"],
    [
      { permissions: { fsRead: '/' } },
      '\'fsRead\' of createPool({ permissions }): it is "/"; it must be an array of strings',
    ],
    [{ permissions: { worker: 1 } }, "'worker' of createPool({ permissions }): it is 1; it must be true or false"],
    [{ signal: new AbortController() }, "'signal' of createPool(): it is an object; it must be an AbortSignal"],
  ]
  for (const [options, text] of bad) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      const message = refuse(options)
      assert.ok(message.includes(text), message)
      assert.match(message, /^Cannot use option '/)
    })
  }
})
