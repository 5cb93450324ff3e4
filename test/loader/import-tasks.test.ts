import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { LoadError, importTasks } from '../../src/loader/import-tasks.ts'
import { TempFolder } from '../support/temp-folder.ts'

const folder = new TempFolder()
after(() => folder.remove())

function write(name: string, text: string): { url: string; export: string } {
  return { url: pathToFileURL(folder.write(name, text)).href, export: 'default' }
}

async function load(name: string, text: string): Promise<string[]> {
  return [...(await importTasks([write(name, text)], {})).keys()]
}

async function refuse(name: string, text: string): Promise<LoadError> {
  const error: unknown = await load(name, text).then(
    () => assert.fail('it was loaded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof LoadError, String(error))
  return error
}

describe('importTasks()', () => {
  it('gives the exported functions by name, and nothing else', async () => {
    const text =
      'export const a = (n: number): number => n; export const limit = 5; export async function b() {}; export default () => {}'
    assert.deepEqual(
      (await load('tasks.ts', text)).toSorted((x, y) => (x < y ? -1 : 1)),
      ['a', 'b', 'default'],
    )
  })

  it('gives the functions of a CommonJS module', async () => {
    assert.deepEqual(await load('common.cjs', 'exports.a = () => 1'), ['a'])
    assert.deepEqual(
      await load('hidden.cjs', 'const all = { a() {}, n: 5 }; module.exports = Object.assign({}, all)'),
      ['a'],
    )
  })

  it('calls the mates before, last first, one after another, each with the toolbox', async () => {
    const mate = (name: string): string => `export default async (toolbox) => { await null; toolbox.push('${name}') }`
    const main = write('main.js', 'export const work = () => 1')
    const named = { ...write('named.js', "export const start = (toolbox) => toolbox.push('named')"), export: 'start' }
    const toolbox: string[] = []
    await importTasks([main, write('one.js', mate('one')), named, write('two.js', mate('two'))], toolbox)
    assert.deepEqual(toolbox, ['two', 'named', 'one'])
  })

  it('refuses a mate without its export, and one that throws', async () => {
    const main = write('main.js', 'export const work = () => 1')
    const none = write('none.js', 'export const other = 5')
    await assert.rejects(importTasks([main, none], {}), {
      name: 'LoadError',
      message: "this mate must export a function 'default'",
      url: none.url,
    })
    const failing = write('failing.js', "export default () => { throw new RangeError('no luck') }")
    const message = "the 'default' of this mate threw: RangeError: no luck"
    await assert.rejects(importTasks([main, failing], {}), { name: 'LoadError', message, url: failing.url })
  })

  const faults: readonly (readonly [name: string, file: string, text: string, cause: string, repair: RegExp])[] = [
    [
      'a syntax error',
      'broken.js',
      'export const = 5',
      'SyntaxError',
      /See 'cause' for the place; is it an ES module\?$/,
    ],
    [
      'an enum',
      'enum.ts',
      'export enum E { A }\nexport const f = () => E.A',
      'SyntaxError',
      /Node only strips types; replace enums/,
    ],
    [
      'a missing import',
      'imports.ts',
      "import './nowhere.ts'\nexport const f = () => 1",
      'Error',
      /Check the path; relative imports need their extension/,
    ],
    [
      'a missing package',
      'bare.ts',
      "import 'no-such-package'\nexport const f = () => 1",
      'Error',
      /Cannot find package/,
    ],
    [
      'an error while it is loaded',
      'throws.ts',
      "throw new RangeError('not today')",
      'RangeError',
      /^RangeError: not today \(file:/,
    ],
    [
      'a require in a module',
      'require.js',
      "import 'node:fs'; const fs = require('fs'); export const f = () => fs",
      'ReferenceError',
      /require is not defined/,
    ],
  ]
  for (const [name, file, text, cause, repair] of faults) {
    it(`explains ${name}, and keeps the original error`, async () => {
      const error = await refuse(file, text)
      assert.match(error.message, repair)
      assert.equal((error.cause as Error).name, cause)
      assert.ok(error.url.endsWith(file))
    })
  }

  it('explains a thrown value that cannot be printed', async () => {
    assert.match((await refuse('null.js', 'throw Object.create(null)')).message, /^an object \(file:/)
  })

  it('refuses a module without a function', async () => {
    const error = await refuse('empty.ts', 'export const limit = 5')
    assert.match(error.message, /^it exports no function; export the tasks by name/)
    assert.equal(error.cause, undefined)
  })

  it('runs compiled JavaScript inside node_modules, and refuses TypeScript there with the repair', async () => {
    assert.deepEqual(await load('node_modules/good/w.js', 'exports.f = () => 1'), ['f'])
    const error = await refuse('node_modules/bad/w.ts', 'export const f = (n: number): number => n')
    assert.match(
      error.message,
      /Node runs no TypeScript inside node_modules; publish the module compiled to JavaScript$/,
    )
  })
})
