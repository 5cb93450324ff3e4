import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { findServiceEntry } from '../../src/server/find-service-entry.ts'

describe('findServiceEntry()', () => {
  it('finds the file of each kind of worker', () => {
    for (const name of ['process', 'thread'] as const) assert.ok(existsSync(findServiceEntry(name)))
  })
})
