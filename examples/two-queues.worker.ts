// The studio: one call takes a chunk of audio and one of video of each batch that this worker serves, and encodes them.
import type { Toolbox, WorkerQueue } from 'eisenmp'
import { setTimeout } from 'node:timers/promises'

type Batch = { audio_lg: WorkerQueue<string>; video_in: WorkerQueue<string> }
type Queues = { batch_1: Batch; batch_7: Batch }
type Config = { workers: number; pauseMs: number }

/** Is called until all batches of this worker are through. */
export async function studio({ queues, config, worker, emit, print, progress }: Toolbox<Config, Queues>) {
  const batches = [queues.batch_1, queues.batch_7].filter((_batch, i) => i % config.workers === worker.index)
  let isBusy = false
  for (const { audio_lg, video_in } of batches) {
    const audio = await audio_lg.take()
    const video = await video_in.take()
    if (!audio || !video) continue
    isBusy = true
    await setTimeout(config.pauseMs)
    print(`worker ${worker.index}: chunk ${audio.ticket.serial} of ${audio.ticket.queue} and ${video.ticket.queue}`)
    emit(audio.items.map(encode), { ticket: audio.ticket })
    emit(video.items.map(encode), { ticket: video.ticket })
    progress(audio.items.length + video.items.length)
  }
  return isBusy
}

/** What a studio would do here. */
function encode(frame: string): string {
  return frame.replace(/^[a-z]+/, (kind) => kind.toUpperCase())
}
