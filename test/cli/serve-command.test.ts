import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { askServed as ask, openServedPlace, servedModule as module } from '../support/served-place.ts'
import { bin } from '../support/served.ts'
import { waitUntil } from '../support/wait-until.ts'

const { temp, runtimeDir, env, start } = openServedPlace()

/** Runs a command line to its end. */
function run(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const options = { encoding: 'utf8', env: { ...process.env, ...env, NO_COLOR: '1' }, timeout: 20_000 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], options)
  return { code: status, stdout, stderr }
}

describe('eisenmp serve', () => {
  test('serves a module on one port, and says where; SIGTERM ends it with 143 and leaves no socket', async () => {
    const served = start(module, '--workers', '2', '--backend', 'threads', '--port', '0', '--config', '{"db":1}')
    await served.up()
    assert.match(
      served.stderr,
      /^cli: 2 workers, threads, pid \d+\n {2}workers +address\n {2}main-0, main-1 +127\.0\.0\.1:\d+\n/m,
    )
    assert.equal(await ask(served.url), '{"db":1}')
    if (process.platform !== 'win32') assert.deepEqual(readdirSync(join(runtimeDir, 'eisenmp')), ['cli.sock'])
    assert.equal(await served.end('SIGTERM'), 143)
    assert.deepEqual(readdirSync(join(runtimeDir, 'eisenmp')), [])
  })

  test('serves groups, each worker on its own address', async () => {
    const groups = ['--group', 'red*2=127.0.0.1:auto', '--group', 'blue=[::1]:0']
    const served = start(module, '--workers', '3', ...groups)
    await served.up()
    assert.equal(served.ports.length, 3)
    assert.match(served.stderr, / red-0 +127[^]* red-1 +127[^]* blue-0 +\[::1\]:\d+\n/)
    assert.equal(await ask(`http://[::1]:${served.ports[2]}`), '"hello"')
    assert.equal(await served.end('SIGINT'), 130)
  })

  test('puts the name of the worker before what it prints, and takes out what a terminal would obey', async () => {
    const served = start(module, '--workers', '1', '--backend', 'threads', '--port', '0')
    await served.up()
    await waitUntil(() => served.stdout.includes('\n') && served.stderr.includes('a warning'), 'what it prints')
    assert.equal(served.stdout, 'main-0 | loaded twothree\n')
    assert.match(served.stderr, /^main-0 \| a warning$/m)
    await served.end('SIGTERM')
  })

  test('lets it all through with --raw, and says nothing itself with --quiet', async () => {
    const served = start(module, '--workers', '1', '--backend', 'threads', '--port', '0', '--raw', '--quiet')
    await waitUntil(() => served.stdout.includes('\n') && served.stderr.includes('\n'), 'what it prints')
    assert.equal(served.stdout, 'main-0 | loaded \u001b]52;c;aGk=\u0007\u009b2Jtwo\rthree\n')
    assert.equal(served.stderr, 'main-0 | a warning\n')
    await served.end('SIGTERM')
  })

  test('serves any program, on its port', { skip: process.platform !== 'linux' && 'it takes LISTEN_FDS' }, async () => {
    const code = [
      'import http.server, os, socket',
      'server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler, False)',
      'server.socket = socket.socket(fileno=3)',
      'server.socket.listen()',
      'server.serve_forever()',
    ].join('\n')
    const served = start('--workers', '1', '--port', '0', '--', 'python3', '-c', code)
    await served.up()
    assert.match(served.stderr, /^python3: 1 worker, pid/m)
    assert.equal((await fetch(served.url)).status, 200)
    assert.equal(await served.end('SIGTERM'), 143)
  })

  test('refuses before anything starts what cannot be', async () => {
    const busy = createServer().unref()
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
    const { port } = busy.address() as { port: number }
    for (const [args, code, message] of [
      [[], 2, /^Cannot serve nothing/],
      [['./shpo.server.ts'], 1, /^Cannot serve \.\/shpo\.server\.ts: there is no such file\n$/],
      [[module, '--backend', 'fibres'], 2, /^Cannot use option 'backend'[^]*'?"processes" or "threads"\n$/],
      [[module, '--group', 'red'], 2, /^Cannot read --group red: there is no name and = before it/],
      [[module, '--name', '../x'], 2, /^Cannot use "\.\.\/x" as a name/],
      [[module, '--port', String(port), '--workers', '1'], 1, new RegExp(`${port}`)],
      [['no-such-package', '--port', '0'], 1, /no-such-package/],
      [['no-such-package', '--watch'], 2, /^Cannot use --watch here/],
    ] as const) {
      const result = run('serve', ...args)
      assert.equal(result.code, code, `${args.join(' ')}: ${result.stderr}`)
      assert.match(result.stderr, message)
      assert.doesNotMatch(result.stderr, /^ +at .*(src|dist)\/cli/m)
      assert.equal(result.stdout, '')
    }
    busy.close()
  })

  test('shows what is wrong with a module, with its own stack', () => {
    const file = temp.write('broken/broken.server.ts', "throw new Error('no database')\n")
    const { code, stderr } = run('serve', file, '--workers', '1', '--port', '0')
    assert.equal(code, 1)
    assert.match(stderr, /no database[^]* at [^]*broken\.server\.ts:1/)
  })
})
