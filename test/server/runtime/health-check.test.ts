import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'
import { HealthCheck } from '../../../src/server/runtime/health-check.ts'
import { defaultLimits } from '../../../src/server/runtime/limits.ts'
import { ServerWatch } from '../../../src/server/runtime/server-watch.ts'

const answering = (status: () => number): ServerWatch =>
  new ServerWatch(
    createServer((_, response) => response.writeHead(status()).end()),
    defaultLimits,
  )

describe('HealthCheck', () => {
  it('keeps the worst answer of all servers', async () => {
    const check = new HealthCheck([answering(() => 200), answering(() => 500), answering(() => 204)], '/')
    assert.equal(check.last.status, undefined)
    await check.ask()
    assert.deepEqual(check.last, { status: 500 })
  })

  it('asks until all are well, and tells of the first bad answer only', async () => {
    let asked = 0
    const check = new HealthCheck([answering(() => (++asked < 3 ? 503 : 200))], '/')
    const told: unknown[] = []
    await check.waitUntilGood((health) => told.push(health), new AbortController().signal)
    assert.equal(asked, 3)
    assert.deepEqual(told, [{ status: 503 }])
  })

  it('gives up when told to', async () => {
    const controller = new AbortController()
    const check = new HealthCheck([answering(() => 503)], '/')
    await check.waitUntilGood(() => controller.abort(), controller.signal)
    assert.equal(check.last.status, 503)
  })
})
