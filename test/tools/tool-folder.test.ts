import assert from 'node:assert/strict'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, describe, it } from 'node:test'
import { takePath } from '../../src/tools/tool-folder.ts'
import { runProgram } from '../support/run-program.ts'
import { TempFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const folder = new TempFolder()
after(() => folder.remove())

describe('takePath()', () => {
  it('gives new names in one folder, which goes with the last of them', async () => {
    const [first, second] = [takePath(), takePath()]
    assert.notEqual(first.path, second.path)
    assert.equal(dirname(first.path), dirname(second.path))
    assert.equal(statSync(dirname(first.path)).mode & 0o777, 0o700)
    writeFileSync(first.path, 'x')
    await first.release()
    assert.ok(existsSync(dirname(first.path)))
    await second.release()
    assert.ok(!existsSync(dirname(first.path)))
    const third = takePath()
    assert.notEqual(dirname(third.path), dirname(first.path))
    await third.release()
  })
})

describe('a program that is killed while it builds tools', { skip: process.platform === 'win32' }, () => {
  it('leaves no folder behind, wherever it was', async () => {
    process.env['TMPDIR'] = folder.path
    const listFolders = (): string[] => readdirSync(folder.path).filter((name) => name.startsWith('eisenmp-tools-'))
    let seen = 0
    for (const word of ['building', 'built', 'building', 'built']) {
      for (const delayMs of [0, 40]) {
        let isHit = false
        const { signal } = await runProgram('build-tools.ts', {
          onOutput(stdout, child) {
            if (isHit || !stdout.includes(word)) return
            isHit = true
            setTimeout(() => {
              seen += listFolders().length
              child.kill('SIGKILL')
            }, delayMs)
          },
        })
        assert.equal(signal, 'SIGKILL')
        await waitUntil(() => listFolders().length === 0, 'the folder is removed')
      }
    }
    assert.ok(seen > 0)
  })
})
