// How are app instances spread over processes, and driven from here? Each records one station into a file. Nine of them run
// in three processes, three in each; a tenth finds no room. One is listened to, one is stopped and makes room for another.
// The stations are streams that this program serves itself; with --station real ones are recorded for ten seconds.
//   node examples/recorder.ts
//   node examples/recorder.ts --station http://radio.example/stream --station http://other.example/stream
import { createFleet, type Fleet, type Instance } from 'eisenmp/server'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { JobOptions } from './lib/job-options.ts'
import { runProgram } from './lib/program.ts'
import { radios } from './lib/radios.ts'
import { serveStations } from './lib/serve-stations.ts'
import type { Channels, Recorder } from './recorder.worker.ts'

type Station = Instance<Recorder, Channels>
type Recorders = Fleet<Recorder, Channels>

const PER_WORKER = 3

function nameStations(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / radios.length)
    return radios[index % radios.length]! + (round === 0 ? '' : `-${round + 1}`)
  })
}

function openFleet(workers: number, maxPerWorker: number): Promise<Recorders> {
  const module = new URL('./recorder.worker.ts', import.meta.url)
  return createFleet<Recorder, Channels>({ module, workers, maxPerWorker })
}

async function showAll(fleet: Recorders): Promise<void> {
  for (const station of fleet.list()) {
    const { pid, bytes, problem } = await station.call('status')
    const size = `${Math.round(bytes / 1000)} KB`
    console.log(`${station.name.padEnd(24)}  worker ${station.worker}, process ${pid}: ${problem ?? size}`)
  }
}

/** Counts frames as they come; the recording does not wait for this. */
async function listenTo(station: Station, frames: number): Promise<number> {
  const audio = station.stream('audio', { policy: 'drop-oldest', capacity: 50 })
  await station.call('listen', true)
  let heard = 0
  for await (const frame of audio) if (frame.length > 0 && (heard += 1) === frames) break
  await station.call('listen', false)
  return heard
}

async function waitForFrames(fleet: Recorders, bytes: number): Promise<void> {
  for (const station of fleet.list()) {
    while ((await station.call('status')).bytes < bytes) await setTimeout(20)
  }
}

/** Each file holds frames of its own station, and nothing else. */
async function countWhole(folder: string, names: readonly string[]): Promise<number> {
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.filter((text, index) => text.length > 0 && text.split('\n').every((line) => isOf(line, names[index]!)))
    .length
}

/** The last frame may be cut. */
function isOf(line: string, name: string): boolean {
  return line.startsWith(`${name} `) || name.startsWith(line.trim())
}

async function recordLocal(fleet: Recorders, folder: string): Promise<string> {
  const { workers } = fleet.stats()
  const names = nameStations(workers.length * PER_WORKER + 1)
  const spare = names.pop()!
  const [first, second] = names as [string, string]
  const { url, close } = await serveStations([...names, spare])
  const record = (name: string): Promise<Station> => fleet.create(name, { url: url + name, file: join(folder, name) })
  try {
    await Promise.all(names.map(record))
    await record(spare).catch((error: Error) => console.log(error.message))
    const heard = await listenTo(fleet.get(first), 20)
    await fleet.get(second).stop()
    await record(spare)
    await waitForFrames(fleet, 4000)
    await showAll(fleet)
    await Promise.all(fleet.list().map((station) => station.stop()))
    const whole = await countWhole(folder, [...names, spare])
    return `${whole} stations recorded in ${workers.length} processes, ${heard} frames of ${first} heard`
  } finally {
    await close()
  }
}

async function recordStations(fleet: Recorders, folder: string, urls: readonly string[]): Promise<string> {
  const records = urls.map(async (url, index) => {
    const name = `${index + 1} ${new URL(url).hostname}`
    await fleet.create(name, { url, file: join(folder, `${name}.mp3`) })
  })
  for (const outcome of await Promise.allSettled(records)) {
    if (outcome.status === 'rejected')
      console.error(outcome.reason instanceof Error ? outcome.reason.message : outcome.reason)
  }
  await setTimeout(10_000)
  await showAll(fleet)
  return `${fleet.list().length} of ${urls.length} stations recorded in ${folder}`
}

async function runRecorder({ workers, station: urls }: JobOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recorder-'))
  const fleet = await openFleet(workers, urls.length === 0 ? PER_WORKER : Math.ceil(urls.length / workers))
  try {
    return urls.length === 0 ? await recordLocal(fleet, folder) : await recordStations(fleet, folder, urls)
  } finally {
    await fleet.close()
    if (urls.length === 0) await rm(folder, { recursive: true })
  }
}

await runProgram({
  summary: 'Instances of one class over several processes: each records a radio station.',
  flags: ['workers', 'station', 'help'],
  workers: 3,
  run: runRecorder,
})
