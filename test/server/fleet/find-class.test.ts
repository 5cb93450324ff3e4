import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LoadError } from '../../../src/loader/import-tasks.ts'
import { findClass } from '../../../src/server/fleet/find-class.ts'

class One {
  n = 1
}
class Two {
  n = 2
}
const helper = (n: number): number => n
function Compiled(this: object): void {}

function find(exported: Record<string, unknown>, name = 'default'): unknown {
  return findClass(exported, { url: 'file:///radio.ts', export: name })
}

describe('findClass()', () => {
  it('takes the default export, also when it is no class by syntax', () => {
    assert.equal(find({ default: One, Two }), One)
    assert.equal(find({ default: Compiled }), Compiled)
  })

  it('takes the only class among other exports', () => assert.equal(find({ helper, Two, limit: 3 }), Two))

  it('takes the export that is asked for', () => assert.equal(find({ One, Two }, 'Two'), Two))

  it('takes a class that is exported by two names', () => assert.equal(find({ One, Other: One }), One))

  it('takes the only class of a CommonJS module', () => assert.equal(find({ default: { One, helper } }), One))

  const refused: [string, Record<string, unknown>, string | undefined, RegExp][] = [
    [
      'two classes',
      { One, Two },
      undefined,
      /it exports the classes 'One', 'Two'; name one: module: \{ url, export: 'One' \}/,
    ],
    ['no class', { helper }, undefined, /it exports none; export one/],
    ['nothing', {}, undefined, /it exports none/],
    ['an export that is no class', { One, helper }, 'helper', /its export 'helper' is function helper/],
    ['an export that is not there', { One }, 'Tow', /its export 'Tow' is undefined/],
  ]
  for (const [what, exported, name, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => find(exported, name),
        (error: unknown) => error instanceof LoadError && message.test(error.message),
      )
    })
  }
})
