import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type * as Errors from '../src/errors.ts'
import { EisenmpError, type EisenmpErrorDetails } from '../src/errors.ts'

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
}

describe('EisenmpError', () => {
  it('carries the fields it was given and no others', () => {
    const details: EisenmpErrorDetails = {
      cause: 'why',
      item: { n: 1 },
      index: 0,
      ticket: { queue: 'stream-1', serial: 0 },
      attempt: 0,
      worker: '0.1',
      deaths: [],
    }
    const whole = new EisenmpError('ERR_EISENMP_CRASH', 'Cannot go on', details)
    for (const [name, value] of Object.entries(details)) assert.equal(Reflect.get(whole, name), value, name)
    const bare = new EisenmpError('ERR_EISENMP_CLOSED', 'Cannot go on', { index: undefined })
    assert.deepEqual({ ...bare }, { code: 'ERR_EISENMP_CLOSED' })
    for (const name of Object.keys(details)) assert.ok(!Object.hasOwn(bare, name), name)
  })

  it('keeps a cause that is undefined, since that can be thrown', () => {
    const error = new EisenmpError('ERR_EISENMP_TASK', 'Cannot go on', { cause: undefined })
    assert.ok(Object.hasOwn(error, 'cause'))
  })

  it('is an Error with its own name', () => {
    const error = new EisenmpError('ERR_EISENMP_TASK', 'Cannot go on')
    assert.ok(error instanceof Error)
    assert.match(error.stack ?? '', /^EisenmpError: Cannot go on\n/)
  })
})

describe('EisenmpError.is()', () => {
  it('tells errors apart by code', () => {
    const error: unknown = new EisenmpError('ERR_EISENMP_TASK', 'm')
    assert.ok(EisenmpError.is(error))
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_TASK'))
    assert.ok(!EisenmpError.is(error, 'ERR_EISENMP_CRASH'))
  })

  it('knows errors of another copy of the package', async () => {
    const { EisenmpError: Other } = (await import(`../src/errors.ts?${Date.now()}`)) as typeof Errors
    assert.notEqual(Other, EisenmpError)
    assert.ok(EisenmpError.is(new Other('ERR_EISENMP_TASK', 'm'), 'ERR_EISENMP_TASK'))
  })

  it('is false for anything else', () => {
    for (const value of [undefined, null, 'ERR_EISENMP_TASK', { code: 'ERR_EISENMP_TASK' }, new Error('m')])
      assert.ok(!EisenmpError.is(value))
  })
})

describe('docs/errors.md', () => {
  it('has a section for each code, and for no other', () => {
    const declared = [...read('src/errors.ts').matchAll(/^ {2}\| '(ERR_EISENMP_\w+)'/gm)].map(([, code]) => code)
    const explained = [...read('docs/errors.md').matchAll(/^## (ERR_EISENMP_\w+)$/gm)].map(([, code]) => code)
    assert.ok(declared.length > 10)
    assert.deepEqual(new Set(explained), new Set(declared))
    assert.equal(explained.length, declared.length)
  })
})
