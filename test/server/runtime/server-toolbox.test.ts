import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createToolbox } from '../../../src/server/runtime/server-toolbox.ts'
import type { ServiceSpec } from '../../../src/server/service-spec.ts'

it('a toolbox tells who and where, prints by level, and can be taken apart', () => {
  const lines: string[] = []
  const hooks: (() => unknown)[] = []
  const spec = { index: 2, name: 'red-1', group: 'red', generation: 3, config: { db: { file: 'a' } } } as ServiceSpec
  const toolbox = createToolbox(
    {
      spec,
      threadId: 7,
      signal: AbortSignal.timeout(10_000),
      print: (level, text) => lines.push(`${level} ${text}`),
      onDrain: (act) => hooks.push(act),
    },
    { index: 1, address: '127.0.0.1', port: 8080, how: 'reuse' },
  )
  const { config, print, log, onDrain, worker } = toolbox
  assert.throws(() => Object.assign((config as { db: object }).db, { file: 'b' }), TypeError)
  assert.deepEqual(worker, { id: '2.3', index: 2, name: 'red-1', pid: process.pid, threadId: 7, generation: 3 })
  assert.deepEqual([toolbox.group, toolbox.address, toolbox.port, toolbox.index], ['red', '127.0.0.1', 8080, 1])
  print('%d items', 3)
  print('100%')
  log.warn({ a: 1 }, 'x')
  log.error('bad')
  assert.deepEqual(lines, ['print 3 items', 'print 100%', 'warn { a: 1 } x', 'error bad'])
  onDrain(() => {})
  assert.equal(hooks.length, 1)
})
