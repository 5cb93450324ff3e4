import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMachine } from '../../../src/server/ports/port-facts.ts'

describe('readMachine()', () => {
  it('tells adapters with their addresses, and cores', () => {
    const { adapters, allowedCores } = readMachine()
    assert.ok(Object.values(adapters).some((addresses) => addresses?.some(({ address }) => address === '127.0.0.1')))
    assert.ok(allowedCores.length > 0)
  })
})
