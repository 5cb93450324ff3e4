import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { askReload, askState, listPrograms } from '../../src/cli/control-client.ts'
import { TempFolder } from '../support/temp-folder.ts'

const temp = new TempFolder()
after(() => temp.remove())

describe('asking a program', { skip: process.platform === 'win32' && 'there are no such sockets' }, () => {
  test('is told when it ends before it answers, says nonsense or something else', async () => {
    const folder = join(temp.path, 'odd')
    mkdirSync(folder)
    let answer = ''
    const server = createServer((socket) => void socket.on('error', () => {}).once('data', () => socket.end(answer)))
    await new Promise<void>((resolve) => server.listen(join(folder, 'odd.sock'), resolve))
    await assert.rejects(askState(folder, 'odd'), /it has ended before it answered/)
    answer = '{"kind":"reloaded","report":{}}\n'
    await assert.rejects(
      askState(folder, 'odd'),
      /^MissingError: Cannot read the state of odd: it says something else$/,
    )
    answer = '{"kind":"error","message":"busy"}\n'
    await assert.rejects(askReload(folder, 'odd'), /^MissingError: Cannot reload odd: busy$/)
    answer = 'nonsense\n'
    await assert.rejects(askReload(folder, 'odd'), SyntaxError)
    assert.deepEqual(await listPrograms(folder), [])
    server.close()
  })
})
