import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRules } from '../../src/server/serve-options.ts'

describe('readRules()', () => {
  it('has defaults for all', () => {
    const { rules, drain } = readRules('serve', {})
    assert.deepEqual(rules, {
      restart: { policy: 'permanent', max: 5, withinMs: 30_000, backoff: { firstMs: 100, maxMs: 15_000 } },
      startTimeoutMs: 30_000,
      killAfterMs: 15_000,
    })
    assert.deepEqual(drain, { idleGraceMs: 1500, inFlightMs: 10_000 })
  })

  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ restart: { polcy: 'permanent' } }, /option 'polcy' of serve\(\{ restart \}\).*did you mean 'policy'/],
    [{ restart: { policy: 'always' } }, /it must be "permanent" or "transient" or "temporary"/],
    [{ restart: { backoff: { firstMs: 0 } } }, /firstMs/],
    [{ drain: { killAfterMs: 5000 } }, /it is 5000; requests in flight have 10000 ms/],
  ]
  for (const [options, message] of wrong) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => readRules('serve', options), { code: 'ERR_EISENMP_OPTION', message })
    })
  }
})
