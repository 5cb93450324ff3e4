import assert from 'node:assert/strict'
import { it } from 'node:test'
import { BeatMeter } from '../../../src/server/runtime/beat-meter.ts'
import { waitUntil } from '../../support/wait-until.ts'

it('a beat tells how long the event loop was held up since the one before', async () => {
  const meter = new BeatMeter()
  const endsAt = performance.now() + 150
  while (performance.now() < endsAt);
  const beat = meter.read()
  assert.ok(beat.lagMs >= 100)
  await waitUntil(() => meter.read().lagMs < 50, 'it is forgotten')
  assert.ok(beat.heapMb > 1 && beat.rssMb > beat.heapMb)
  assert.ok(beat.heapShare > 0 && beat.heapShare < 1)
  assert.ok(beat.utilization >= 0 && beat.utilization <= 1)
  meter.stop()
})
