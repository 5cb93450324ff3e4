import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

type Floor = { satisfies(version: string, range: string): boolean }

// Plain JavaScript without types: it runs before the compiler is installed.
const { satisfies } = (await import(new URL('../../scripts/bootstrap/floor.mjs', import.meta.url).href)) as Floor

describe('satisfies()', () => {
  const range = '^22.18.0 || ^24.11.0 || >=26'

  for (const version of [
    'v22.18.0',
    '22.18.1',
    'v22.23.3',
    'v24.11.0',
    'v24.21.0',
    'v26.0.0',
    'v26.10.0',
    'v27.0.0-nightly',
  ]) {
    it(`accepts ${version}`, () => assert.ok(satisfies(version, range)))
  }

  for (const version of ['v18.20.0', 'v20.20.2', 'v22.17.9', 'v23.11.0', 'v24.10.9', 'v25.9.0', 'v2.99.0', 'v9.26.0']) {
    it(`refuses ${version}`, () => assert.ok(!satisfies(version, range)))
  }

  it('refuses a range that it cannot read', () => assert.throws(() => satisfies('v24.0.0', '~24 <25'), /range/))
})
