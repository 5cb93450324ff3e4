import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { askReload, askState, listPrograms } from '../../src/cli/control-client.ts'
import type { ControlAnswer, ProgramState } from '../../src/cli/control-messages.ts'
import { type ControlSocket, isAlive, openControlSocket, removeIfDead } from '../../src/cli/control-socket.ts'
import { MissingError, UsageError } from '../../src/cli/usage.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { within } from '../support/wait-until.ts'

const temp = new TempFolder()
after(() => temp.remove())
const opened: ControlSocket[] = []
after(() => opened.forEach((socket) => socket.remove()))

function makeFolder(name: string): string {
  const folder = join(temp.path, name)
  mkdirSync(folder, { mode: 0o700 })
  return folder
}

function toState(name: string): ProgramState {
  const module = '/srv/shop.server.ts'
  return { name, pid: process.pid, backend: 'threads', module, uptimeMs: 1, workers: [], addresses: [] }
}

async function open(folder: string, wanted: string, hasFallback = false): Promise<string> {
  const { name, socket } = await openControlSocket(folder, { wanted, hasFallback }, (own) => async ({ command }) => {
    if (command === 'ps') return { kind: 'state', state: toState(own) }
    throw new Error('the module is broken')
  })
  opened.push(socket)
  return name
}

/** Leaves the socket of a program that was killed. */
async function leaveStale(path: string): Promise<void> {
  const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(existsSync(path))
}

/** Says something to a socket, and gives the answer. */
async function say(path: string, line: string): Promise<ControlAnswer> {
  const socket = connect(path)
  socket.on('error', () => {})
  socket.write(line)
  return JSON.parse(await within(text(socket), 'an answer')) as ControlAnswer
}

describe('a control socket', { skip: process.platform === 'win32' && 'there are no such sockets' }, () => {
  test('is the user’s alone, answers, and is gone afterwards', async () => {
    const folder = makeFolder('plain')
    await open(folder, 'shop')
    assert.deepEqual(readdirSync(folder), ['shop.sock'])
    assert.equal(statSync(join(folder, 'shop.sock')).mode & 0o777, 0o600)
    assert.deepEqual(await askState(folder, 'shop'), toState('shop'))
    await assert.rejects(askReload(folder, 'shop'), /^MissingError: Cannot reload shop: the module is broken$/)
    opened.pop()!.remove()
    assert.deepEqual(readdirSync(folder), [])
  })

  test('is in the way of a second program of this name, unless any name will do', async () => {
    const folder = makeFolder('twice')
    await open(folder, 'shop')
    await assert.rejects(open(folder, 'shop'), UsageError)
    assert.equal(await open(folder, 'shop', true), 'shop-2')
    assert.equal(await open(folder, 'shop', true), 'shop-3')
    assert.deepEqual(
      (await listPrograms(folder)).map(({ name }) => name),
      ['shop', 'shop-2', 'shop-3'],
    )
  })

  test('of a dead program is replaced, and left out of the list', async () => {
    const folder = makeFolder('stale')
    await leaveStale(join(folder, 'shop.sock'))
    await leaveStale(join(folder, 'blog.sock'))
    assert.equal(await isAlive(join(folder, 'shop.sock')), false)
    assert.equal(await open(folder, 'shop'), 'shop')
    assert.deepEqual(
      (await listPrograms(folder)).map(({ name }) => name),
      ['shop'],
    )
    assert.deepEqual(readdirSync(folder), ['shop.sock'])
  })

  test('of one of many programs that start at once after a dead one has the name, and every program has its own', async () => {
    const folder = makeFolder('race')
    await leaveStale(join(folder, 'shop.sock'))
    const names = await Promise.all(Array.from({ length: 8 }, () => open(folder, 'shop', true)))
    assert.equal(new Set(names).size, 8)
    assert.ok(names.includes('shop'))
    const states = await Promise.all(names.map((name) => askState(folder, name)))
    assert.deepEqual(
      states.map(({ name }) => name),
      names,
    )
  })

  test('is never taken for something else that lies there', async () => {
    const folder = makeFolder('other')
    writeFileSync(join(folder, 'shop.sock'), 'precious')
    await assert.rejects(open(folder, 'shop'), /it is something else; remove it/)
    assert.ok(existsSync(join(folder, 'shop.sock')))
    assert.deepEqual(await listPrograms(folder), [])
    assert.equal(await removeIfDead(join(folder, 'none.sock')), true)
  })

  test('is not removed by a program whose place another one has taken', async () => {
    const folder = makeFolder('taken')
    await open(folder, 'shop')
    const first = opened.pop()!
    renameSync(first.path, `${first.path}.old`)
    await open(folder, 'shop')
    first.remove()
    assert.equal(await removeIfDead(first.path), false)
    assert.equal((await askState(folder, 'shop')).name, 'shop')
  })

  test('answers what is no request, and does not wait for one that is too long', async () => {
    const folder = makeFolder('bad')
    await open(folder, 'shop')
    const path = join(folder, 'shop.sock')
    assert.deepEqual(await say(path, '{"command":"stop"}\n'), { kind: 'error', message: 'the command is unknown' })
    assert.equal((await say(path, 'null\n')).kind, 'error')
    assert.equal((await say(path, 'nonsense\n')).kind, 'error')
    assert.deepEqual(await say(path, 'x'.repeat(2000)), { kind: 'error', message: 'the request is too long' })
    const silent = connect(path)
    silent.on('error', () => {})
    await within(once(silent.resume(), 'close'), 'the end of who says nothing')
  })

  test('names the closest program when there is none of a name', async () => {
    const folder = makeFolder('typo')
    await assert.rejects(askState(folder, 'shop'), /^MissingError: There are no servers named shop: none runs$/)
    await open(folder, 'shop')
    await assert.rejects(askState(folder, 'shpo'), /There are no servers named shpo: did you mean shop\?$/)
    await assert.rejects(askReload(folder, 'radio'), /There are no servers named radio: there is shop$/)
    await assert.rejects(askState(folder, '../shop'), UsageError)
    assert.ok(new MissingError('') instanceof UsageError)
  })

  test('lets no other user in', { skip: process.getuid?.() !== 0 && 'takes root' }, async () => {
    const folder = makeFolder('guarded')
    await open(folder, 'shop')
    chmodSync(temp.path, 0o755)
    const code = 'import socket,sys;socket.socket(socket.AF_UNIX).connect(sys.argv[1])'
    const tryAs = (uid: number): string =>
      spawnSync('python3', ['-c', code, join(folder, 'shop.sock')], { uid, encoding: 'utf8', cwd: '/' }).stderr
    assert.equal(tryAs(0), '')
    assert.match(tryAs(65_534), /PermissionError/)
    // The socket refuses too, should the folder be opened.
    chmodSync(folder, 0o755)
    assert.match(tryAs(65_534), /PermissionError/)
  })
})
