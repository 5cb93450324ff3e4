import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, it } from 'node:test'
import { createPool } from '../src/index.ts'
import { type TelemetryEvents, publish } from '../src/telemetry.ts'

type Name = keyof TelemetryEvents

/** Collects what is told while `action` runs. */
async function listen(names: readonly Name[], action: () => Promise<void> | void): Promise<[Name, unknown][]> {
  const heard: [Name, unknown][] = []
  const listener = (message: unknown, name: string | symbol): void => void heard.push([name as Name, message])
  for (const name of names) subscribe(name, listener)
  try {
    await action()
  } finally {
    for (const name of names) unsubscribe(name, listener)
  }
  return heard
}

const names: readonly Name[] = [
  'eisenmp:worker:started',
  'eisenmp:worker:gone',
  'eisenmp:chunk:sent',
  'eisenmp:chunk:answered',
  'eisenmp:item:failed',
]

describe('publish()', () => {
  const message = { worker: '0.1', index: 0, pid: 7 }

  it('tells whoever listens', async () => {
    const heard = await listen(names, () => publish('eisenmp:worker:started', () => message))
    assert.deepEqual(heard, [['eisenmp:worker:started', message]])
  })

  it('does not even make the message when nobody does', () => {
    publish('eisenmp:worker:started', () => assert.fail('it was made'))
  })
})

describe('the channels of a pool', () => {
  it('tell of workers, chunks and failed items', async () => {
    const heard = await listen(names, async () => {
      const modules = new URL('./fixtures/tasks.worker.ts', import.meta.url)
      const pool = await createPool({ modules, backend: 'inline', workers: 1 })
      await pool.from([1, 2], { chunk: 2, onError: 'skip' }).map('refuseThird').toArray()
      await pool.close()
    })
    const worker = '0.1'
    assert.deepEqual(
      heard.map(([name]) => name),
      [
        'eisenmp:worker:started',
        'eisenmp:chunk:sent',
        'eisenmp:chunk:answered',
        'eisenmp:item:failed',
        'eisenmp:worker:gone',
      ],
    )
    const [started, sent, answered, failed, gone] = heard.map(([, message]) => message as Record<string, unknown>)
    assert.deepEqual(started, { worker, index: 0, pid: process.pid })
    assert.deepEqual(sent, { worker, serial: 0, items: 2, attempt: 1 })
    assert.deepEqual({ ...answered, ms: 0 }, { worker, items: 2, failed: 1, ms: 0 })
    assert.deepEqual(failed, { worker, code: 'ERR_EISENMP_TASK', index: 1 })
    assert.deepEqual([gone?.['worker'], gone?.['index']], [worker, 0])
  })
})
