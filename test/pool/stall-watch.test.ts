import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { StallWatch } from '../../src/pool/stall-watch.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('StallWatch', () => {
  let held: Map<string, number[]>
  let reports: (readonly [string, number])[]
  let watch: StallWatch
  beforeEach(() => {
    held = new Map()
    reports = []
    watch = new StallWatch(held, (worker, unit) => void reports.push([worker, unit]))
  })
  afterEach(() => watch.stop())

  it('reports a unit that keeps another one waiting', async () => {
    held.set('0.1', [1, 2]).set('1.1', [3])
    watch.update()
    await waitUntil(() => reports.length > 0, 'the report')
    assert.deepEqual(reports[0], ['0.1', 1])
  })

  it('does not report a worker that gets on', async () => {
    held.set('0.1', [1, 2])
    watch.update()
    const endsAt = performance.now() + 300
    // Each look sees another unit.
    await waitUntil(() => {
      held.set(
        '0.1',
        held.get('0.1')!.map((unit) => unit + 1),
      )
      return performance.now() > endsAt
    }, 'some looks')
    assert.deepEqual(reports, [])
  })
})
