import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

function listSources(): string[] {
  return globSync('src/**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'))
}

/** What is left of a file at run time, without comments. */
function readCode(path: string): string {
  const text = readFileSync(`${root}${path}`, 'utf8')
  return stripTypeScriptTypes(text).replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
}

/** A file that defines no function has only types or data. */
function hasLogic(code: string): boolean {
  return /\bfunction\b|\bclass\b|=>/.test(code)
}

/** A file that exports nothing is started, not imported: the entry of a worker. */
function isEntry(code: string): boolean {
  return !/^export\b/m.test(code)
}

/** `index.ts`, `server.ts` and `browser.ts` join the parts. */
function isBarrel(path: string): boolean {
  return /^src\/(index|server|browser)\.ts$/.test(path)
}

function toTwin(path: string): string {
  return path.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts')
}

describe('test/ mirrors src/', () => {
  for (const path of listSources()) {
    const code = readCode(path)
    if (!hasLogic(code) || isEntry(code) || isBarrel(path)) continue
    it(`${path} has a test of its own`, () =>
      assert.ok(existsSync(`${root}${toTwin(path)}`), `there is no ${toTwin(path)}`))
  }

  it('looks at the right files', () => {
    const known = listSources()
    assert.ok(known.length > 50)
    for (const path of ['src/pool/pool.ts', 'src/codec/snapshot.ts']) {
      assert.ok(hasLogic(readCode(path)) && !isEntry(readCode(path)), path)
    }
    assert.ok(!hasLogic(readCode('src/dispatch/events.ts')))
    for (const path of ['src/backends/entries/thread.ts', 'src/backends/entries/process.ts'])
      assert.ok(isEntry(readCode(path)), path)
  })
})
