import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { WorkerSpec } from '../../src/backend.ts'
import { createInlineBackend } from '../../src/backends/inline.ts'
import { createPool } from '../../src/index.ts'
import { withTools } from '../../src/pool/with-tools.ts'
import type * as Tasks from '../fixtures/tools.worker.ts'

const modules = new URL('../fixtures/tools.worker.ts', import.meta.url)

describe('withTools()', () => {
  it('gives tools to every worker, and back after the backend has closed', async () => {
    const events: string[] = []
    const specs: Partial<WorkerSpec>[] = []
    const inner = createInlineBackend()
    const numbers = { type: 'uint8', length: 1, firstPage: 0 } as const
    const file = { path: '/tmp/folder/1.mdb', driver: '/app/node_modules/lmdb/index.cjs' }
    const shared = { it: { image: { kind: 'numbers', numbers }, file } } as const
    const backend = withTools(
      {
        name: 'inline',
        start(spec, ...rest) {
          specs.push(spec)
          return inner.start(spec, ...rest)
        },
        close: async () => void events.push('closed'),
      },
      { shared, release: async () => void events.push('released') },
    )
    const spec = { id: '0.1', index: 0, name: 'w', modules: [], config: undefined, queues: [] }
    const ignore = { message() {}, violated() {}, output() {}, gone() {} }
    backend.start(spec, ignore)
    backend.start({ ...spec, permissions: { addons: true, fsRead: ['/data'] } }, ignore)
    assert.equal(specs[0]!.tools, shared)
    assert.equal(specs[0]!.permissions, undefined)
    assert.deepEqual(specs[1]!.permissions, { addons: true, fsRead: ['/data', '/tmp/folder/*', '/app/node_modules/*'] })
    await backend.close()
    assert.deepEqual(events, ['closed', 'released'])
  })

  it('lets worker processes under permissions read their tools', async () => {
    const options = { modules, backend: 'processes', workers: 1, tools: { words: new Set(['a']) } } as const
    const pool = await createPool<typeof Tasks>({ ...options, permissions: { addons: true } })
    assert.deepEqual(await pool.run('allWords', 'words'), ['a'])
    await pool.close()
    const message = /without addons.*permissions: \{ addons: true \}/
    await assert.rejects(createPool({ ...options, permissions: {} }), { code: 'ERR_EISENMP_OPTION', message })
  })
})
