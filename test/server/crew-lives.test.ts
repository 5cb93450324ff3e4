import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CrewLives } from '../../src/server/crew-lives.ts'
import type { SupervisionEvent } from '../../src/supervisor/supervision-types.ts'
import { planCrew } from '../support/small-crew.ts'
import { waitUntil } from '../support/wait-until.ts'

const first = { seat: 0, generation: 0 }

function startOne(options: Parameters<typeof planCrew>[1] = {}) {
  const { plan, log } = planCrew(1, options)
  const told: SupervisionEvent[] = []
  const lives = new CrewLives(plan, (event) => told.push(event))
  lives.start(first, undefined)
  const hear = (kind: SupervisionEvent['kind']): Promise<void> =>
    waitUntil(() => told.some((event) => event.kind === kind), `it tells ${kind}`)
  return { lives, told, log, hear, plan }
}

describe('CrewLives', () => {
  it('tells of a life from ready to gone', async () => {
    const { lives, told, hear, log } = startOne()
    await hear('ready')
    lives.drain(first, 'enough')
    lives.drain(first, 'enough')
    await hear('gone')
    assert.deepEqual(log, ['0.0 ready', '0.0 leaving: enough', '0.0 gone'])
    const gone = told.find((event) => event.kind === 'gone')!
    assert.ok(gone.isRegular)
    assert.equal(lives.list().length, 0)
    // There is nobody any more.
    lives.drain(first, 'enough')
    lives.kill(first, 'enough')
  })

  it('tells of an uncaught error before the end, with the error', async () => {
    const { lives, told, hear } = startOne()
    await hear('ready')
    const { ports } = lives.find(first)!
    await (await fetch(`http://127.0.0.1:${ports[0]}/throw`)).text()
    await hear('failing')
    await hear('gone')
    const gone = told.find((event) => event.kind === 'gone')!
    assert.ok(!gone.isRegular)
    assert.match(String(gone.error), /a handler threw later/)
  })

  it('finds a worker that is blocked unhealthy', async () => {
    const { lives, told, hear } = startOne({ health: { intervalMs: 20 } })
    await hear('ready')
    const { ports } = lives.find(first)!
    fetch(`http://127.0.0.1:${ports[0]}/block`).catch(() => {})
    await waitUntil(() => {
      lives.checkHealth()
      return told.some((event) => event.kind === 'unhealthy')
    }, 'it is found')
    const found = told.find((event) => event.kind === 'unhealthy')!
    assert.ok(found.isBlocked)
    lives.kill(first, found.reason)
    await hear('gone')
  })

  it('retires a seat whose worker has nothing to do', async () => {
    const module = new URL('../fixtures/servers/nothing.server.ts', import.meta.url)
    const { lives, hear } = startOne({ module })
    await hear('ready')
    await hear('retire')
    lives.drain(first, 'not needed')
    await hear('gone')
  })

  for (const [signal, isOutside] of [
    ['SIGABRT', false],
    ['SIGKILL', true],
  ] as const) {
    const who = isOutside ? 'somebody else' : 'the worker itself'
    it(`takes ${signal} for a deed of ${who}`, { skip: process.platform === 'win32' }, async () => {
      const { lives, told, hear } = startOne({ backend: 'processes' })
      process.kill(lives.find(first)!.host.identity.pid, signal)
      await hear('gone')
      assert.equal(told.find((event) => event.kind === 'gone')!.bySignal, isOutside)
    })
  }
})
