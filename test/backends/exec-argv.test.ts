import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { toExecArgv } from '../../src/backends/exec-argv.ts'

const modules = [{ url: 'file:///app/tasks.worker.ts' }]

describe('toExecArgv()', () => {
  const given = process.execArgv
  beforeEach(() => {
    process.execArgv = []
  })
  afterEach(() => {
    process.execArgv = given
  })

  it('lets threads inherit everything, and processes what fits', () => {
    process.execArgv = ['--import', './setup.js', '--stack-size=2000', '--no-warnings']
    assert.equal(toExecArgv({ modules }, 'threads'), undefined)
    assert.deepEqual(toExecArgv({ modules }, 'processes'), [
      '--import',
      './setup.js',
      '--stack-size=2000',
      '--no-warnings',
    ])
  })

  it("leaves out what belongs to the program's own debugger, test run and main script", () => {
    process.execArgv = [
      ...[
        '--inspect-brk=0',
        '--inspect-port',
        '9229',
        '--test',
        '--test-name-pattern',
        'a b',
        '--test-timeout=5',
        '--watch',
        '--watch-path=a',
      ],
      ...[
        '--cpu-prof',
        '--heap-prof-dir=a',
        '--input-type=module',
        '--eval',
        'code()',
        '-p',
        'code()',
        '--check',
        '-i',
      ],
      '--enable-source-maps',
    ]
    assert.deepEqual(toExecArgv({ modules }, 'processes'), ['--enable-source-maps'])
  })

  it("takes the user's options instead of the program's", () => {
    process.execArgv = ['--no-warnings']
    for (const kind of ['threads', 'processes'] as const)
      assert.deepEqual(toExecArgv({ modules, execArgv: ['--trace-uncaught'] }, kind), ['--trace-uncaught'])
  })

  it('limits the heap of a process by options, that of a thread otherwise', () => {
    const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 1.5 }
    const flags = ['--max-old-space-size=64', '--max-semi-space-size=8', '--stack-size=1500']
    assert.deepEqual(toExecArgv({ modules, resourceLimits }, 'processes'), flags)
    assert.equal(toExecArgv({ modules, resourceLimits }, 'threads'), undefined)
  })

  it('denies what is not granted, and grants what a worker needs to start', () => {
    const permissions = { fsRead: ['/data/*'], fsWrite: ['/out'], childProcess: true, worker: false }
    for (const kind of ['threads', 'processes'] as const) {
      const argv = toExecArgv({ modules, permissions }, kind)!
      assert.equal(argv[0], '--permission')
      for (const flag of [
        '--allow-fs-read=/app/*',
        '--allow-fs-read=/data/*',
        '--allow-fs-write=/out',
        '--allow-child-process',
      ])
        assert.ok(argv.includes(flag), flag)
      assert.ok(argv.some((flag) => /^--allow-fs-read=.*\/src\/\*$/.test(flag)))
      assert.ok(!argv.includes('--allow-worker'))
      assert.ok(!argv.includes('--allow-net'))
    }
  })

  it('gives a restricted thread only such inherited options as a thread knows', () => {
    process.execArgv = [
      '--import',
      './setup.js',
      '--max-old-space-size=100',
      '--no-warnings',
      '--stack-size=900',
      '--expose-gc',
    ]
    const argv = toExecArgv({ modules, permissions: {} }, 'threads')!
    assert.deepEqual(argv.slice(0, 4), ['--import', './setup.js', '--no-warnings', '--permission'])
  })
})
