import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { serve } from '../../src/server/serve.ts'
import { runProgram } from '../support/run-program.ts'
import { within } from '../support/wait-until.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)

describe('serve()', () => {
  it('prepares once, after the ports are bound and before any worker starts', async () => {
    let prepared = 0
    const servers = await serve({ module, workers: 2, port: 0, backend: 'threads', prepare: () => (prepared += 1) })
    assert.equal(prepared, 1)
    await servers.close()
  })

  it('starts nothing when that fails, and gives the ports back', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as { port: number }
    probe.close()
    await once(probe, 'close')
    const prepare = async (): Promise<never> => {
      throw new RangeError('no disk')
    }
    await assert.rejects(serve({ module, port, workers: 1, prepare }), RangeError)
    const servers = await within(serve({ module, port, workers: 1, backend: 'threads' }), 'it starts')
    assert.equal(servers.url, `http://127.0.0.1:${port}`)
    await servers.close()
  })

  it('gives up its start when the signal is aborted, with its reason', async () => {
    const controller = new AbortController()
    const slow = new URL('../fixtures/never-ready.worker.ts', import.meta.url)
    const attempt = serve({ module: slow, workers: 2, port: 0, signal: controller.signal })
    setImmediate(() => controller.abort(new RangeError('enough')))
    await assert.rejects(within(attempt, 'it gives up'), RangeError)
  })

  it('ends quietly on Ctrl-C while it starts', { skip: process.platform === 'win32' }, async () => {
    const result = await runProgram('serve-never-ready.ts', {
      onOutput: (_stdout, child) => void child.kill('SIGINT'),
    })
    assert.deepEqual(result, { code: 130, signal: null, stdout: 'starting\n', stderr: '' })
  })

  it('says who has the port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await assert.rejects(serve({ module, port }), {
      code: 'ERR_EISENMP_PORT',
      message: new RegExp(`127\\.0\\.0\\.1:${port}`),
    })
    other.close()
  })
})
