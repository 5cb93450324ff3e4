import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { serve } from '../../src/server/serve.ts'
import { runProgram } from '../support/run-program.ts'
import { waitUntil, within } from '../support/wait-until.ts'

const module = new URL('../fixtures/servers/contract.server.ts', import.meta.url)
const options = { module, backend: 'threads', workers: 1, port: 0 } as const

describe('Servers', () => {
  it('tell what happens to workers', async () => {
    const servers = await serve(options)
    const log: string[] = []
    servers.on('ready', ({ worker, generation }) => log.push(`${worker} ${generation} ready`))
    servers.on('draining', ({ worker, generation }) => log.push(`${worker} ${generation} draining`))
    servers.on('gone', ({ worker, generation }) => log.push(`${worker} ${generation} gone`))
    await servers.reload()
    assert.deepEqual(log, ['main-0 1 ready', 'main-0 0 draining', 'main-0 0 gone'])
    await servers.close()
  })

  it('leave no socket and no timer behind', async () => {
    const before = process.getActiveResourcesInfo()
    const servers = await serve(options)
    await servers.reload()
    await servers.close()
    assert.deepEqual(process.getActiveResourcesInfo(), before)
  })

  it('refuse a reload after their end, and may be closed twice', async () => {
    const servers = await serve(options)
    await Promise.all([servers.close(), servers.close(), servers.destroy()])
    await assert.rejects(servers.reload(), { code: 'ERR_EISENMP_CLOSED' })
    assert.equal(servers.stats().workers[0]!.state, 'ended')
  })

  it('break off a reload that is under way when they are closed', async () => {
    const servers = await serve(options)
    const reload = servers.reload()
    await Promise.all([
      servers.close(),
      assert.rejects(reload, { code: 'ERR_EISENMP_CLOSED', message: 'Cannot reload the workers: it is being closed' }),
    ])
  })

  it('give up a worker that crashes too often, and start it again with a reload', async () => {
    const servers = await serve({ ...options, restart: { max: 1, backoff: { firstMs: 1, maxMs: 1 } } })
    const failed = once(servers, 'failed')
    const crash = async (): Promise<void> => {
      await (await fetch(`${servers.url}/throw`, { headers: { connection: 'close' } })).text()
    }
    await crash()
    const isSecond = (): boolean => {
      const { state, generation } = servers.stats().workers[0]!
      return state === 'ready' && generation === 1
    }
    await waitUntil(isSecond, 'the second is ready')
    await crash()
    const [{ worker, error }] = (await within(failed, 'it is given up')) as [{ worker: string; error: Error }]
    assert.equal(worker, 'main-0')
    assert.match(error.message, /a handler threw later/)
    await within(servers.reload(), 'the reload has ended')
    assert.equal(servers.stats().workers[0]!.state, 'ready')
    await servers.close()
  })

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`drain on ${signal}, and the program ends with ${code}`, { skip: process.platform === 'win32' }, async () => {
      const result = await runProgram('serve-until-signal.ts', {
        onOutput: (stdout, child) => {
          if (stdout.endsWith('asked\n')) child.kill(signal)
        },
      })
      assert.deepEqual([result.code, result.stdout], [code, 'asked\nanswer: long\n'], result.stderr)
    })
  }

  it('reload on SIGHUP', { skip: process.platform === 'win32' }, async () => {
    let isTold = false
    const { code, stdout } = await runProgram('serve-until-signal.ts', {
      onOutput: (out, child) => {
        if (out === 'asked\n') child.kill('SIGHUP')
        if (!isTold && out.includes('reloaded 1')) isTold = child.kill('SIGTERM')
      },
    })
    assert.deepEqual([code, stdout.includes('answer: long')], [143, true])
  })
})
