import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openIndexed } from '../../src/sources/open-indexed.ts'

it('opens a source by its description', async () => {
  const source = await openIndexed({ kind: 'range', start: 10, step: 5 })
  assert.deepEqual(source.read(2, 4, undefined).items, [20, 25])
  source.close()
})
