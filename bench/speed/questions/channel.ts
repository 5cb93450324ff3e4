import { CHANNELS, type ChannelName } from '../channel/message.ts'
import { type OpenChannel, openChannel } from '../channel/open.ts'
import { quantile } from '../figures.ts'
import { type Answer, type Extent, type Question, checkEqual, formatSamples } from '../question.ts'

/** Chunks on their way at a time: the next is sent while the last is read. */
const AHEAD = 4
const SIZES_KB = [1, 40, 1024] as const
const extents: Record<Extent['name'], { readonly trips: number; readonly megabytes: number }> = {
  smoke: { trips: 20, megabytes: 0.1 },
  quick: { trips: 3000, megabytes: 100 },
  full: { trips: 20_000, megabytes: 500 },
}
const titles: Record<ChannelName, string> = {
  pipe: 'own pipe, our frames',
  'pipe-unchecked': 'own pipe, frames without a checksum',
  socket: 'Unix domain socket, our frames',
  'ipc-advanced': "Node's IPC, 'advanced'",
  'ipc-json': "Node's IPC, 'json'",
}

interface Measured {
  readonly channel: OpenChannel
  readonly tripUs: number[]
  readonly rate: number[]
  readonly speed: ReadonlyMap<number, number[]>
}

function makeData(name: ChannelName, length: number): Int32Array | number[] {
  const data = Int32Array.from({ length }, (_, i) => i)
  return name === 'ipc-json' ? [...data] : data
}

async function measureTrips({ channel, tripUs, rate }: Measured, count: number): Promise<void> {
  const data = makeData(channel.name, 1)
  const times: number[] = []
  const begin = performance.now()
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    const { last } = await channel.ask(data)
    times.push((performance.now() - start) * 1000)
    checkEqual(channel.name, last, 0)
  }
  rate.push((count / (performance.now() - begin)) * 1000)
  tripUs.push(quantile(times, 0.5))
}

async function measureSpeed({ channel, speed }: Measured, kilobytes: number, megabytes: number): Promise<void> {
  const data = makeData(channel.name, kilobytes * 256)
  // Small chunks and text take ten times as long.
  const wanted = (megabytes / (kilobytes < 10 ? 10 : 1)) * (channel.name === 'ipc-json' ? 0.1 : 1)
  const count = Math.max(AHEAD, Math.round((wanted * 1024) / kilobytes))
  let asked = 0
  const ask = async (): Promise<void> => {
    while (asked < count) {
      asked += 1
      const { length, last } = await channel.ask(data)
      checkEqual(channel.name, length, data.length)
      checkEqual(channel.name, last, data.length - 1)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: AHEAD }, ask))
  speed.get(kilobytes)!.push((count * kilobytes * 1024) / ((performance.now() - start) * 1000))
}

function toAnswer(all: readonly Measured[], rounds: number): Answer {
  return {
    how: `Median of ${rounds} rounds; in each, the trip is a median of its trips.`,
    columns: ['', 'there and back, µs', 'per second', ...SIZES_KB.map((size) => `${size} KB, MB/s`)],
    rows: all.map(({ channel, tripUs, rate, speed }) => [
      titles[channel.name],
      ...[tripUs, rate, ...speed.values()].map((values) => formatSamples(values)),
    ]),
    samples: all.flatMap(({ channel: { name }, tripUs, rate, speed }) => [
      { of: `${name}, there and back`, unit: 'µs', values: tripUs },
      { of: `${name}, there and back`, unit: '1/s', values: rate },
      ...[...speed].map(([size, values]) => ({ of: `${name}, ${size} KB`, unit: 'MB/s', values })),
    ]),
  }
}

/** Which way to a child process is the cheapest? */
export const channel: Question = {
  name: 'channel',
  title: 'Channels to a process',
  about: `A parent and one child, without a pool: a small message there and back, one after another; and chunks of 32-bit integers sent to the child, ${AHEAD} at a time, each answered by a small message. JSON carries them as text; MB are those of the integers. The first is what \`processes\` uses ([why](decisions/001-own-pipe-for-processes.md)).`,
  async ask({ extent }) {
    const { trips, megabytes } = extents[extent.name]
    const all: Measured[] = []
    try {
      for (const name of CHANNELS) {
        const speed = new Map(SIZES_KB.map((size) => [size, []]))
        all.push({ channel: await openChannel(name), tripUs: [], rate: [], speed })
      }
      for (const each of all) await measureTrips(each, trips)
      for (const { tripUs, rate } of all) tripUs.length = rate.length = 0
      for (let round = 0; round < extent.rounds; round++) {
        // Garbage that one leaves behind is collected at the cost of the next.
        const turned = [...all.slice(round % all.length), ...all.slice(0, round % all.length)]
        for (const each of turned) await measureTrips(each, trips)
        for (const size of SIZES_KB) for (const each of turned) await measureSpeed(each, size, megabytes)
      }
      return [toAnswer(all, extent.rounds)]
    } finally {
      for (const { channel: open } of all) await open.close()
    }
  },
}
