import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { checkName, openControlFolder, readFolderPlace, toSocketPath } from '../../src/cli/control-folder.ts'
import { MissingError, UsageError } from '../../src/cli/usage.ts'
import { TempFolder } from '../support/temp-folder.ts'

const temp = new TempFolder()
after(() => temp.remove())
const uid = process.getuid?.() ?? -1
const noUsers = process.platform === 'win32' ? 'there are no user ids' : false

describe('the folder of control sockets', { skip: noUsers }, () => {
  const open = (name: string): string => {
    const runtimeDir = join(temp.path, name)
    mkdirSync(runtimeDir, { recursive: true })
    return openControlFolder({ runtimeDir, tempDir: '/nowhere', uid })
  }
  const refuses = (name: string, reason: RegExp): void => {
    assert.throws(
      () => open(name),
      (error) => error instanceof MissingError && reason.test(error.message) && /XDG_RUNTIME_DIR/.test(error.message),
    )
  }

  test('is made for the user alone, whatever the umask, and found again', () => {
    const old = process.umask(0)
    try {
      const folder = open('plain')
      assert.equal(statSync(folder).mode & 0o777, 0o700)
      assert.equal(open('plain'), folder)
    } finally {
      process.umask(old)
    }
  })

  test('is in the folder for temporary files without a runtime folder, named by the user', () => {
    for (const runtimeDir of [undefined, '', 'relative']) {
      assert.equal(openControlFolder({ runtimeDir, tempDir: temp.path, uid }), join(temp.path, `eisenmp-${uid}`))
    }
    assert.equal(readFolderPlace().uid, uid)
  })

  test('is refused when it leads elsewhere', () => {
    mkdirSync(join(temp.path, 'link'))
    mkdirSync(join(temp.path, 'elsewhere'), { mode: 0o700 })
    symlinkSync(join(temp.path, 'elsewhere'), join(temp.path, 'link', 'eisenmp'))
    refuses('link', /it is no folder/)
  })

  test('is refused when it is a file', () => {
    mkdirSync(join(temp.path, 'file'))
    writeFileSync(join(temp.path, 'file', 'eisenmp'), '')
    refuses('file', /it is no folder/)
  })

  test('is refused when others may enter it', () => {
    mkdirSync(join(temp.path, 'open', 'eisenmp'), { recursive: true })
    chmodSync(join(temp.path, 'open', 'eisenmp'), 0o755)
    refuses('open', /others may enter it: its mode is 755/)
  })

  test('is refused when another user has made it', { skip: uid !== 0 && 'takes root' }, () => {
    mkdirSync(join(temp.path, 'foreign', 'eisenmp'), { recursive: true, mode: 0o700 })
    chownSync(join(temp.path, 'foreign', 'eisenmp'), 65_534, 65_534)
    refuses('foreign', /it belongs to user 65534/)
  })

  test('is refused when it cannot be made', () => {
    assert.throws(() => openControlFolder({ runtimeDir: undefined, tempDir: '/nowhere', uid }), /ENOENT/)
  })
})

test('checkName() refuses names that lead out of the folder, are no names, or too long', () => {
  for (const name of ['shop', 'shop.2', 'a', 'Shop_x-1', 'x'.repeat(48)]) checkName(name)
  for (const name of ['', '.', '..', '../shop', 'a/b', '.shop', '-shop', 'a b', 'a\0', 'ü', 'x'.repeat(49)]) {
    assert.throws(() => checkName(name), UsageError, name)
  }
  assert.throws(() => checkName('shop', `/${'x'.repeat(100)}`), /too long a path/)
  assert.equal(toSocketPath('/run/user/1/eisenmp', 'shop'), '/run/user/1/eisenmp/shop.sock')
})
