import assert from 'node:assert/strict'
import { it } from 'node:test'
import { describeProgram } from '../../src/pool/program.ts'

it('describeProgram() names the tasks in their order', () => {
  const stages = [
    { kind: 'map', task: 'parse' },
    { kind: 'filter', task: 'check' },
  ] as const
  assert.equal(describeProgram({ stages, sink: { kind: 'values' } }), "'parse' → 'check'")
  assert.equal(describeProgram({ stages: [], sink: { kind: 'reduce', task: 'add' } }), "'add'")
  assert.equal(describeProgram({ stages: [], sink: { kind: 'count' } }), 'no task')
})
