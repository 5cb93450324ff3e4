import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { readServeFlags } from '../../src/cli/serve-flags.ts'
import { UsageError } from '../../src/cli/usage.ts'

function read(...args: readonly string[]) {
  const { operand, program, serve } = parseCommandLine(['serve', ...args])
  return readServeFlags(operand, program, serve)
}

describe('options of serve', () => {
  test('are those of serve() in its words', () => {
    assert.deepEqual(
      read('./shop.server.ts', '--workers', '4', '--backend', 'threads', '--port', '8080', '--address', '::1'),
      {
        module: './shop.server.ts',
        command: undefined,
        options: { workers: 4, backend: 'threads', port: 8080, address: '::1' },
      },
    )
    const more = ['--adapter', 'eth0', '--servers-per-worker', '2', '--on-port-busy', 'next', '--cores', 'each']
    assert.deepEqual(read('a.ts', ...more).options, {
      adapter: 'eth0',
      serversPerWorker: 2,
      onPortBusy: 'next',
      cores: 'each',
    })
  })

  test('set limits and health, and carry a config', () => {
    const limits = ['--max-connections', '10', '--max-body-bytes', '1000']
    const health = ['--max-heap-mb', '64', '--max-rss-mb', '99.5', '--max-loop-lag-ms', '50', '--health-path', '/up']
    assert.deepEqual(read('a.ts', ...limits, ...health, '--config', '{"db":"shop.sqlite"}').options, {
      limits: { maxConnections: 10, maxBodyBytes: 1000 },
      health: { maxHeapMb: 64, maxRssMb: 99.5, maxLoopLagMs: 50, path: '/up' },
      config: { db: 'shop.sqlite' },
    })
  })

  test('make groups, with their workers as far as they are said', () => {
    const red = 'red=127.0.0.1:11000-11003@0,1'
    const range = { from: 11_000, to: 11_003 }
    assert.deepEqual(read('a.ts', '--workers', '4', '--group', red).options, {
      workers: 4,
      groups: [{ name: 'red', workers: 'rest', address: '127.0.0.1', ports: range, cores: [0, 1] }],
    })
    assert.deepEqual(read('a.ts', '--group', red, '--group', 'blue*2=eth1:15000').options['groups'], [
      { name: 'red', workers: 4, address: '127.0.0.1', ports: range, cores: [0, 1] },
      { name: 'blue', workers: 2, adapter: 'eth1', ports: 15_000 },
    ])
  })

  test('serve any program that stands after --, with options of its own', () => {
    assert.deepEqual(read('--workers', '2', '--', 'gunicorn', '--reload', 'shop:app'), {
      module: undefined,
      command: ['gunicorn', '--reload', 'shop:app'],
      options: { workers: 2 },
    })
  })

  for (const [args, message] of [
    [[], /^Cannot serve nothing: name a module/],
    [['--'], /^Cannot serve nothing/],
    [['a.ts', '--', 'b'], /^Cannot serve both a\.ts and what stands after --/],
    [['a.ts', '--workers', 'many'], /^Cannot use --workers many: it must be a number$/],
    [['a.ts', '--port', '-1'], /--port/],
    [['a.ts', '--max-rss-mb', '1e3'], /^Cannot use --max-rss-mb 1e3: it must be a number$/],
    [['a.ts', '--cores', '1-0'], /^Cannot use --cores 1-0: write 0,1 or 0-3 or each$/],
    [['a.ts', '--config', '{db}'], /^Cannot use --config \{db\}: it must be JSON/],
    [['a.ts', '--port', '80', '--group', 'red=81'], /^Cannot use --port with --group: say it in each group$/],
    [['a.ts', 'b.ts'], /^Unexpected argument b\.ts: one module at a time/],
    [['a.ts', '--wacht'], /^Unknown option --wacht: did you mean --watch\?$/],
    [['a.ts', '--quick'], /^Cannot use --quick with serve: see eisenmp serve --help$/],
  ] as const) {
    test(`are explained when they are wrong: serve ${args.join(' ')}`, () => {
      assert.throws(
        () => read(...args),
        (error) => error instanceof UsageError && message.test(error.message),
      )
    })
  }
})
