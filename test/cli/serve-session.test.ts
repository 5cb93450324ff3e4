import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { askServed as ask, openServedPlace, servedModule as module } from '../support/served-place.ts'
import { Served } from '../support/served.ts'
import { waitUntil } from '../support/wait-until.ts'

const { temp, env, start, watch } = openServedPlace()

describe('eisenmp serve, while it runs', () => {
  test('lets requests end that are in flight, and ends at once on the second signal', async () => {
    const served = start(module, '--workers', '1', '--backend', 'threads', '--port', '0')
    await served.up()
    const answer = ask(`${served.url}/slow`)
    await waitUntil(() => served.stdout.includes('| slow'), 'the request')
    const code = served.end('SIGTERM')
    assert.deepEqual([await answer, await code], ['slow', 143])

    const other = start(module, '--workers', '1', '--backend', 'threads', '--port', '0')
    await other.up()
    const cut = ask(`${other.url}/slow`).catch(() => 'cut')
    await waitUntil(() => other.stdout.includes('| slow'), 'the request')
    other.child.kill('SIGTERM')
    await other.says('once more ends it at once')
    assert.deepEqual([await other.end('SIGTERM'), await cut], [143, 'cut'])
  })

  test(
    'lets them end too when the terminal tells the workers of Ctrl-C as well',
    { skip: process.platform === 'win32' },
    async () => {
      const served = new Served([module, '--workers', '1', '--port', '0'], env, true)
      watch(served)
      await served.up()
      const answer = ask(`${served.url}/slow`)
      await waitUntil(() => served.stdout.includes('| slow'), 'the request')
      process.kill(-served.child.pid!, 'SIGINT')
      assert.deepEqual([await answer, await served.end()], ['slow', 130])
      assert.doesNotMatch(served.stderr, /has ended/)
    },
  )

  test('reloads on SIGHUP', { skip: process.platform === 'win32' }, async () => {
    const served = start(module, '--workers', '1', '--backend', 'threads', '--port', '0')
    await served.up()
    served.child.kill('SIGHUP')
    await served.says(/1 workers? replaced in/)
    assert.equal(await ask(served.url), '"hello"')
    await served.end('SIGTERM')
  })

  test('tells when a worker has died, and when there is a new one', async () => {
    const served = start(module, '--workers', '1', '--port', '0')
    await served.up()
    assert.equal(await ask(`${served.url}/exit`), 'bye')
    await served.says(/main-0 has ended: [^\n]*3/)
    await served.says(/main-0 is ready, life 1, pid \d+/)
    assert.equal(await ask(served.url), '"hello"')
    await served.end('SIGTERM')
  })

  test('with --watch serves what is saved, and what was there when that is broken', async () => {
    const toText = (text: string): string => `export default { fetch: () => new Response(${text}) }\n`
    const file = temp.write('watched/news.server.ts', toText("'one'"))
    const served = start(file, '--watch', '--workers', '1', '--port', '0')
    await served.says('watches ')
    assert.equal(await ask(served.url), 'one')
    temp.write('watched/news.server.ts', toText("'two"))
    await served.says(
      /Not reloaded, the workers of before go on: [^]*SyntaxError|Not reloaded[^]*ERR_INVALID_TYPESCRIPT_SYNTAX/,
    )
    assert.equal(await ask(served.url), 'one')
    temp.write('watched/news.server.ts', toText("'three'"))
    await served.says(/1 workers? replaced in/)
    assert.equal(await ask(served.url), 'three')
    await served.end('SIGTERM')
  })

  test('ends with 1 when its workers have crashed too often', async () => {
    const served = start(module, '--workers', '1', '--backend', 'threads', '--port', '0')
    await served.up()
    const ended = served.end()
    while (served.child.exitCode === null) await ask(`${served.url}/exit`).catch(() => setTimeout(5))
    assert.equal(await ended, 1)
    assert.match(served.stderr, /main-0 has crashed too often and is not started again: [^]*\nNo worker is left\n$/)
  })
})
