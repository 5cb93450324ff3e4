import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { MAX_MODULE_BYTES } from '../../src/loader/fetch-bytes.ts'
import { ModuleCache } from '../../src/loader/module-cache.ts'
import { pinOf } from '../support/module-server.ts'
import { TempFolder } from '../support/temp-folder.ts'

const temp = new TempFolder()
after(() => temp.remove())

const bytes = new TextEncoder().encode('export const work = () => 1')
const pin = pinOf(bytes)
const evil = 'export const work = () => process.exit(1)'

let count = 0
let folder = ''
beforeEach(() => (folder = join(temp.path, `deep/${(count += 1)}`)))

/** A cache with the module in it, and the file that it is in. */
function fill(): { readonly cache: ModuleCache; readonly file: string } {
  const cache = new ModuleCache(folder)
  cache.write(pin, bytes)
  return { cache, file: join(folder, readdirSync(folder)[0]!) }
}

describe('ModuleCache', () => {
  it('gives back what was put in, also to the next program, under any algorithm', () => {
    for (const algorithm of ['sha256', 'sha384', 'sha512']) {
      new ModuleCache(folder).write(pinOf(bytes, algorithm), bytes)
      assert.deepEqual(new ModuleCache(folder).read(pinOf(bytes, algorithm)), bytes)
    }
    assert.equal(new ModuleCache(folder).read(pinOf('other')), undefined)
  })

  it('is for this user only, and leaves no drafts', () => {
    const { file } = fill()
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match(readdirSync(folder).join(), /^sha384-[\da-f]{96}$/)
  })

  it('gives nothing that was changed meanwhile, and can be filled again', () => {
    const { cache, file } = fill()
    for (const spoil of [
      () => writeFileSync(file, evil),
      () => truncateSync(file, 5),
      () => writeFileSync(file, new Uint8Array([...bytes, 32])),
      () => writeFileSync(file, new Uint8Array([0xef, 0xbb, 0xbf, ...bytes])),
      () => writeFileSync(file, new Uint8Array(MAX_MODULE_BYTES + 1)),
    ]) {
      spoil()
      assert.equal(cache.read(pin), undefined)
      assert.ok(!existsSync(file))
      cache.write(pin, bytes)
      assert.deepEqual(cache.read(pin), bytes)
    }
  })

  it('follows no planted link, when it reads and when it writes', () => {
    const { cache, file } = fill()
    const target = temp.write(`target-${count}.js`, evil)
    // A link to the right bytes is no better.
    for (const text of [evil, bytes]) {
      writeFileSync(target, text)
      execFileSync('ln', ['-sf', target, file])
      assert.equal(cache.read(pin), undefined)
      assert.deepEqual(readFileSync(target), Buffer.from(text))
      symlinkSync(target, file)
      cache.write(pin, bytes)
      assert.ok(lstatSync(file).isFile())
      assert.deepEqual(readFileSync(target), Buffer.from(text))
      assert.deepEqual(cache.read(pin), bytes)
    }
  })

  it('does not wait at a pipe, nor fall over a folder', () => {
    const { cache, file } = fill()
    execFileSync('rm', [file])
    execFileSync('mkfifo', [file])
    assert.equal(cache.read(pin), undefined)
    mkdirSync(file)
    assert.equal(cache.read(pin), undefined)
    cache.write(pin, bytes)
    assert.deepEqual(readdirSync(folder), [file.slice(folder.length + 1)])
  })

  it('refuses a folder that others may look into, a link, and a file', () => {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o755)
    assert.throws(() => new ModuleCache(folder), {
      code: 'ERR_EISENMP_MODULE',
      message: /other users may look.*chmod 700/,
    })
    chmodSync(folder, 0o700)
    const link = `${folder}-link`
    symlinkSync(folder, link)
    assert.throws(() => new ModuleCache(link), {
      code: 'ERR_EISENMP_MODULE',
      message: /it is no folder; give a folder, and/,
    })
    const file = temp.write(`file-${count}`, '')
    assert.throws(() => new ModuleCache(file), { code: 'ERR_EISENMP_MODULE', message: /it cannot be made: .*EEXIST/ })
  })
})
