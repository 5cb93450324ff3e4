import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { findClosestName } from '../../src/internal/closest-name.ts'

const names = ['ordered', 'chunk', 'window', 'workers', 'onError']

describe('findClosestName()', () => {
  const cases: readonly (readonly [name: string, closest: string | undefined])[] = [
    ['orderd', 'ordered'],
    ['odrered', 'ordered'],
    ['worker', 'workers'],
    ['Chunks', 'chunk'],
    ['onerror', 'onError'],
    ['windw', 'window'],
    ['concurrency', undefined],
    ['', undefined],
    ['x', undefined],
  ]
  for (const [name, closest] of cases) {
    it(`finds ${closest ?? 'nothing'} for '${name}'`, () => assert.equal(findClosestName(name, names), closest))
  }

  it('finds a name itself among any others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (candidates, n) => {
        const name = candidates[n % candidates.length]!
        const closest = findClosestName(name, candidates)
        assert.equal(closest?.toLowerCase(), name.toLowerCase())
      }),
    )
  })

  it('has nothing to say without candidates', () => assert.equal(findClosestName('a', []), undefined))
})
