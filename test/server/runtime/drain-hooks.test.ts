import assert from 'node:assert/strict'
import { it } from 'node:test'
import { DrainHooks } from '../../../src/server/runtime/drain-hooks.ts'

it('hooks run side by side, their errors are told, and late ones run at once', async () => {
  const failed: unknown[] = []
  const calls: string[] = []
  const hooks = new DrainHooks((error) => failed.push(error))
  const gate = Promise.withResolvers<void>()
  hooks.add(async () => {
    await gate.promise
    calls.push('slow')
  })
  hooks.add(() => {
    throw new Error('no')
  })
  hooks.add(() => void calls.push('quick'))
  const running = hooks.run()
  hooks.add(() => void calls.push('late'))
  assert.deepEqual(calls, ['quick', 'late'])
  gate.resolve()
  await running
  assert.deepEqual(calls, ['quick', 'late', 'slow'])
  assert.equal((failed[0] as Error).message, 'no')
})
