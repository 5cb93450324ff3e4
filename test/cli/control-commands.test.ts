import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ProgramState } from '../../src/cli/control-messages.ts'
import { HttpLoad, LOADS } from '../support/http-load.ts'
import { Served, bin } from '../support/served.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const temp = new TempFolder()
after(() => temp.remove())
const runtimeDir = join(temp.path, 'run')
mkdirSync(runtimeDir)
const env = { XDG_RUNTIME_DIR: runtimeDir, NO_COLOR: '1' }
const module = fileURLToPath(new URL('../fixtures/cli.server.ts', import.meta.url))

async function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const child = spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...env }, stdio: [...stdio] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number, stdout, stderr }
}

describe('eisenmp ps and reload', { skip: process.platform === 'win32' && 'there are no such sockets' }, () => {
  test('say so when nothing runs', async () => {
    const { code, stdout, stderr } = await run('ps')
    assert.deepEqual([code, stdout, stderr], [0, '', 'No servers run: eisenmp serve <module> starts some\n'])
    assert.equal((await run('ps', '--json')).stdout, '[]\n')
    assert.deepEqual((await run('reload', 'shop')).stderr, 'There are no servers named shop: none runs\n')
    assert.equal((await run('reload')).code, 2)
  })

  test('list servers and their workers, and replace these', async () => {
    const common = ['--workers', '2', '--backend', 'threads', '--port', '0']
    const shop = new Served([module, '--name', 'shop', ...common], env)
    const other = new Served([module, ...common], env)
    try {
      await Promise.all([shop.up(), other.up()])
      const { stdout } = await run('ps')
      assert.match(
        stdout,
        /^name +pid +ready +uptime +restarts +addresses\ncli +\d+ +2\/2 [^]*\nshop +\d+ +2\/2 .*127\.0\.0\.1:\d+\n$/,
      )
      assert.equal((await run('ps', '--quiet')).stdout, 'cli\nshop\n')
      const states = JSON.parse((await run('ps', '--json')).stdout) as ProgramState[]
      assert.deepEqual(
        states.map(({ pid }) => pid),
        [other.child.pid, shop.child.pid],
      )
      assert.match(
        (await run('ps', 'shop')).stdout,
        /^worker +pid [^]*\nmain-0 +\d+ +ready +0 [^]*\nmain-1 +\d+ +ready +0 /,
      )

      const reloaded = await run('reload', 'shop')
      assert.equal(reloaded.code, 0, reloaded.stderr)
      assert.match(reloaded.stdout, /^shop: 2 workers replaced in [\d.]+ s, no request was cut\n$/)
      const state = JSON.parse((await run('ps', 'shop', '--json')).stdout) as ProgramState
      assert.deepEqual(
        state.workers.map(({ generation }) => generation),
        [1, 1],
      )
      const wrong = await run('reload', 'shpo')
      assert.deepEqual([wrong.code, wrong.stderr], [1, 'There are no servers named shpo: did you mean shop?\n'])

      const twice = await run('serve', module, '--name', 'shop', ...common)
      assert.deepEqual([twice.code, /a running program has it/.test(twice.stderr)], [2, true], twice.stderr)
    } finally {
      await Promise.all([shop.end('SIGTERM'), other.end('SIGTERM')])
    }
  })

  test('reload loses no request, on connections that stay and on new ones', async () => {
    const busy = new Served([module, '--name', 'busy', '--workers', '2', '--port', '0'], env)
    try {
      await busy.up()
      const target = { address: '127.0.0.1', ports: busy.ports.slice(0, 1), path: '/', clients: 8 }
      const loads = [LOADS.keepAlive, LOADS.newConnections].map((kind) => new HttpLoad({ ...kind, ...target }))
      await waitUntil(() => loads.every(({ ok }) => ok > 50), 'answers')
      const { code, stderr } = await run('reload', 'busy')
      const reports = await Promise.all(loads.map((load) => load.stop()))
      assert.equal(code, 0, stderr)
      for (const { failed, failures } of reports) assert.equal(failed, 0, JSON.stringify(failures))
    } finally {
      await busy.end('SIGTERM')
    }
  })

  test('reload ends with 1 and the reason when the new module does not start', async () => {
    const file = temp.write('news/news.server.ts', 'export default { fetch: () => new Response() }\n')
    const news = new Served([file, '--workers', '1', '--port', '0'], env)
    try {
      await news.up()
      temp.write('news/news.server.ts', "throw new Error('no database')\n")
      const { code, stderr } = await run('reload', 'news')
      assert.equal(code, 1)
      assert.match(stderr, /^Cannot reload news: .*no database/)
      assert.equal((await fetch(news.url)).status, 200)
    } finally {
      await news.end('SIGTERM')
    }
  })

  test('do not meet servers that were killed', async () => {
    const served = new Served([module, '--workers', '1', '--backend', 'threads', '--port', '0'], env)
    await served.up()
    await served.end('SIGKILL')
    assert.equal((await run('ps')).stdout, '')
    const again = new Served([module, '--workers', '1', '--backend', 'threads', '--port', '0'], env)
    await again.up()
    assert.match(again.stderr, /^cli: 1 worker/m)
    assert.equal(await again.end('SIGTERM'), 143)
  })
})
