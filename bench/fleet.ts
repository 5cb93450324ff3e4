/**
 * What does a command to an instance of a fleet cost? `node bench/fleet.ts [--rounds 5] [--commands 5000]`: beside an answer of a
 * bare process and a bare thread in the same round, so that what disturbs one disturbs the other; and what a thousand
 * instances take. Measures the built package.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type * as Server from '../src/server.ts'
import type { Echo } from './fleet/echo.worker.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    commands: { type: 'string', default: '5000' },
    instances: { type: 'string', default: '1000' },
  },
})
const commands = Number(values.commands)
const instances = Number(values.instances)
const { createFleet } = (await import(new URL('../dist/server.js', import.meta.url).href)) as typeof Server
const find = (name: string): URL => new URL(`./fleet/${name}`, import.meta.url)

interface Figures {
  /** One after another, in µs. */
  readonly p50: number
  readonly p99: number
  /** 64 at a time. */
  readonly perSecond: number
}

type Ask = (n: number) => Promise<unknown>

async function measure(ask: Ask): Promise<Figures> {
  for (let n = 0; n < commands / 2; n++) await ask(n)
  const times: number[] = []
  for (let n = 0; n < commands; n++) {
    const startedAt = performance.now()
    if ((await ask(n)) !== n) throw new Error('a wrong answer')
    times.push((performance.now() - startedAt) * 1000)
  }
  times.sort((a, b) => a - b)
  const startedAt = performance.now()
  let next = 0
  const askOn = async (): Promise<void> => {
    while (next < commands) await ask((next += 1))
  }
  await Promise.all(Array.from({ length: 64 }, askOn))
  const perSecond = commands / ((performance.now() - startedAt) / 1000)
  return { p50: times[times.length >> 1]!, p99: times[Math.floor(times.length * 0.99)]!, perSecond }
}

/** Answers come in the order of the questions. */
function askInOrder(send: (n: number) => void): { ask: Ask; answer(n: unknown): void } {
  const waiting: ((n: unknown) => void)[] = []
  const ask: Ask = (n) => {
    send(n)
    return new Promise((resolve) => waiting.push(resolve))
  }
  return { ask, answer: (n) => waiting.shift()!(n) }
}

async function measureBareProcess(): Promise<Figures> {
  const child = fork(fileURLToPath(find('bare-process.ts')))
  const { ask, answer } = askInOrder((n) => child.send(n))
  child.on('message', answer)
  const figures = await measure(ask)
  child.disconnect()
  await once(child, 'exit')
  return figures
}

async function measureBareThread(): Promise<Figures> {
  const worker = new Worker(find('bare-thread.ts'))
  const { ask, answer } = askInOrder((n) => worker.postMessage(n))
  worker.on('message', answer)
  const figures = await measure(ask)
  await worker.terminate()
  return figures
}

async function measureFleet(backend: 'processes' | 'threads'): Promise<Figures> {
  const fleet = await createFleet<Echo>({ module: find('echo.worker.ts'), workers: 1, backend })
  const one = await fleet.create('one')
  const figures = await measure((n) => one.call('echo', n))
  await fleet.close()
  return figures
}

interface Crowd {
  readonly createdMs: number
  readonly askedMs: number
  readonly closedMs: number
}

/** Many instances over two workers: created, each asked once, all at the same time. */
async function measureCrowd(backend: 'processes' | 'threads'): Promise<Crowd> {
  const fleet = await createFleet<Echo>({ module: find('echo.worker.ts'), workers: 2, backend })
  const times = [performance.now()]
  const all = await Promise.all(Array.from({ length: instances }, (_, n) => fleet.create(`n${n}`)))
  times.push(performance.now())
  await Promise.all(all.map((one, n) => one.call('echo', n)))
  times.push(performance.now())
  await fleet.close()
  times.push(performance.now())
  const [createdMs, askedMs, closedMs] = times.slice(1).map((at, index) => at - times[index]!) as [
    number,
    number,
    number,
  ]
  return { createdMs, askedMs, closedMs }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

const ways = {
  'bare process, JSON': measureBareProcess,
  'fleet, processes': () => measureFleet('processes'),
  'bare thread': measureBareThread,
  'fleet, threads': () => measureFleet('threads'),
} as const
type Way = keyof typeof ways
const bareOf: Partial<Record<Way, Way>> = { 'fleet, processes': 'bare process, JSON', 'fleet, threads': 'bare thread' }

const before = loadavg()[0]!
const results = Object.fromEntries(Object.keys(ways).map((way) => [way, [] as Figures[]])) as Record<Way, Figures[]>
const crowds = { processes: [] as Crowd[], threads: [] as Crowd[] }
for (let round = 0; round < Number(values.rounds); round++) {
  for (const way of Object.keys(ways) as Way[]) results[way].push(await ways[way]())
  for (const backend of ['processes', 'threads'] as const) crowds[backend].push(await measureCrowd(backend))
}

const cpu = cpus()[0]?.model.trim() ?? 'unknown'
console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores (${cpu}), load ${before.toFixed(1)} before\n`,
)
console.log(
  '| one command after another | p50 µs | p99 µs | × bare, p50 of each round | 64 at a time, per s |\n| --- | --- | --- | --- | --- |',
)
for (const way of Object.keys(ways) as Way[]) {
  const pick = (name: keyof Figures): string => median(results[way].map((each) => each[name])).toFixed(0)
  const bare = bareOf[way]
  const ratios = bare === undefined ? [1] : results[way].map(({ p50 }, round) => p50 / results[bare][round]!.p50)
  const range = bare === undefined ? '' : ` (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`
  console.log(
    `| ${way} | ${pick('p50')} | ${pick('p99')} | ${median(ratios).toFixed(2)}${range} | ${pick('perSecond')} |`,
  )
}
console.log(
  `\n| ${instances} instances in 2 workers | created, ms | each asked once, ms | closed, ms |\n| --- | --- | --- | --- |`,
)
for (const backend of ['processes', 'threads'] as const) {
  const pick = (name: keyof Crowd): string => median(crowds[backend].map((each) => each[name])).toFixed(0)
  console.log(`| ${backend} | ${pick('createdMs')} | ${pick('askedMs')} | ${pick('closedMs')} |`)
}
