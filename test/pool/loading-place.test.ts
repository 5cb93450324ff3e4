import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeLoading } from '../../src/pool/loading-place.ts'
import { LOADING, MARK_LOADING, type Mark } from '../../src/protocol/mark.ts'

const modules = [
  { url: 'file:///app/main.worker.ts?v=1', export: 'default' },
  { url: 'https://example.org/lib/watchdog.js', export: 'start' },
  {
    url: 'data:text/javascript,export%20default%20async%20()%20=%3E%20await%20new%20Promise(()%20=%3E%20{})',
    export: 'default',
  },
]
const at = (offset: number, step: keyof typeof LOADING): Mark => {
  return { unit: MARK_LOADING, offset, startedAtMs: LOADING[step] }
}

describe('describeLoading()', () => {
  const places: readonly (readonly [name: string, mark: Mark, where: string])[] = [
    ['the main module', at(0, 'import'), ", and it was loading its main module 'main.worker.ts'"],
    ['a mate', at(1, 'import'), ", and it was loading its mate 'watchdog.js'"],
    ["a mate's function", at(1, 'call'), ", and 'start' of its mate 'watchdog.js' had not returned"],
    ['nothing yet', { unit: 0, offset: 0, startedAtMs: 0 }, ''],
    ['what a broken worker says', at(7, 'import'), ''],
    ['what a broken worker says', at(Number.NaN, 'call'), ''],
  ]
  for (const [name, mark, where] of places) {
    it(`names ${name}`, () => assert.equal(describeLoading(mark, modules).where, where))
  }

  it('is short about a module that is all in its address', () => {
    assert.match(describeLoading(at(2, 'import'), modules).where, /^, and it was loading its mate 'data:.{54,}…'$/)
  })

  it('says what to look for, also when nothing is known', () => {
    assert.match(describeLoading(undefined, modules).repair, /^a top-level await that never resolves$/)
    assert.match(describeLoading(at(0, 'import'), modules).repair, /top-level await that never resolves, or a loop/)
    assert.match(describeLoading(at(1, 'call'), modules).repair, /an await that never resolves there, or a loop/)
  })
})
