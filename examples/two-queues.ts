// How do several named queues work together? A studio: two batches with an audio and a video queue each, four feeders at
// once, two workers. Each worker serves its own batch and works on a chunk of both queues at a time; what comes back is
// merged in order. A watchdog, started as a mate before the studio, reports on each worker.
//   node examples/two-queues.ts
import { createPool } from 'eisenmp'
import type { ResultStore } from 'eisenmp'
import { readWorkers } from './lib/read-workers.ts'
import type * as Studio from './two-queues.worker.ts'

const FRAMES = 18

function* frames(kind: string, batch: string): Generator<string> {
  for (let i = 0; i < FRAMES; i += 1) yield `${kind}-${batch}-${i}`
}

const workers = readWorkers(2)
const pool = await createPool<typeof Studio>({
  modules: [new URL('./two-queues.worker.ts', import.meta.url), 'eisenmp/watchdog'],
  workers,
  config: { workers, pauseMs: 20, watchdog: { intervalMs: 50 } },
  queues: {
    batch_1: { audio_lg: { capacity: 5 }, video_in: { capacity: 1 } },
    batch_7: { audio_lg: { capacity: 3 }, video_in: { capacity: 1 } },
  },
})
try {
  const { batch_1, batch_7 } = pool.queues
  for (const [batch, { audio_lg, video_in }] of Object.entries({ batch_1, batch_7 })) {
    void pool.feed(frames('audio', batch), { queue: audio_lg, chunk: 3 })
    void pool.feed(frames('video', batch), { queue: video_in, chunk: 3 })
  }
  const store = pool.results({ store: true })
  await pool.loop('studio')
  console.log(store.report('Chunks of the studio'))
  for (const batch of ['batch_1', 'batch_7']) {
    const film = merge(store, batch)
    const isInOrder = film.every((picture, i) => picture === `VIDEO-${batch}-${i} with AUDIO-${batch}-${i}`)
    console.log(`${batch}: ${film.length} pictures with sound, in order: ${isInOrder}, the last: ${film.at(-1)}`)
  }
  console.log(`chunks missing: ${store.missing().length}`)
} finally {
  await pool.close()
}

/** Chunk by chunk, in the order of their serial numbers, whichever was ready first. */
function merge(store: ResultStore, batch: string): string[] {
  const audio = store.get(`${batch}.audio_lg`) as Map<number, string[]>
  const video = store.get(`${batch}.video_in`) as Map<number, string[]>
  return [...video.keys()]
    .toSorted((a, b) => a - b)
    .flatMap((serial) => {
      return video.get(serial)!.map((picture, i) => `${picture} with ${audio.get(serial)?.[i]}`)
    })
}
