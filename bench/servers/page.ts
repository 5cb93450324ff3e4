import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { summarize } from '../speed/figures.ts'
import { renderTable } from '../speed/page.ts'
import type { ClientsName, EventResult, Happening, RateName } from './measure.ts'
import { EVENTS, type RoundResult } from './round.ts'

/** All rounds of one peer. */
export interface PeerResults {
  readonly name: string
  readonly rounds: readonly RoundResult[]
}

const happenings: Readonly<Record<Happening, string>> = {
  kill: '`kill -9` of a worker',
  error: 'an uncaught error',
  reload: 'rolling reload',
  restart: 'full restart',
}
const clientTexts: Readonly<Record<ClientsName, string>> = {
  keep: '32 clients that keep their connections',
  new: '48 clients, a connection for each request, workers at their limit',
  long: '8 clients, requests of 3 s',
}
const BEGIN = '<!-- begin bench -->'
const END = '<!-- end bench -->'

function toText(value: number): string {
  const digits = value < 10 ? 1 : 0
  return value.toFixed(digits).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ' ')
}

/** The median, and all runs when there are several. */
function toFigure(samples: readonly number[]): string {
  if (samples.length === 0) return '–'
  const { median } = summarize(samples)
  return samples.length === 1 ? toText(median) : `${toText(median)} (${samples.map(toText).join(', ')})`
}

function renderSpeed(results: readonly PeerResults[]): string {
  const rate = ({ rounds }: PeerResults, name: RateName): string =>
    `${toFigure(rounds.map(({ rates }) => rates[name].perSecond))}; ${toFigure(rounds.map(({ rates }) => rates[name].p99Ms))} ms`
  return renderTable({
    columns: ['', 'hello, kept connections', 'hello, new connections', '1 ms of work, kept', 'start, ms'],
    rows: results.map((each) => [
      each.name,
      rate(each, 'keep'),
      rate(each, 'new'),
      rate(each, 'cpu'),
      toFigure(each.rounds.map(({ startMs }) => startMs)),
    ]),
  })
}

function renderCpu(results: readonly PeerResults[]): string {
  const cpu = ({ rounds }: PeerResults, name: RateName): string =>
    toFigure(rounds.map(({ rates }) => rates[name].cpuUs))
  return renderTable({
    columns: ['', 'hello, kept connections', 'hello, new connections', '1 ms of work, kept'],
    rows: results.map((each) => [each.name, cpu(each, 'keep'), cpu(each, 'new'), cpu(each, 'cpu')]),
  })
}

function renderMemory(results: readonly PeerResults[]): string {
  return renderTable({
    columns: ['MB', 'each worker', 'everything'],
    rows: results.map(({ name, rounds }) => [
      name,
      toFigure(rounds.flatMap(({ memory }) => memory.perWorkerMb ?? [])),
      toFigure(rounds.map(({ memory }) => memory.wholeMb)),
    ]),
  })
}

function renderEvents(results: readonly PeerResults[], cell: (runs: readonly EventResult[]) => string): string {
  return renderTable({
    columns: ['', ...results.map(({ name }) => name)],
    rows: EVENTS.map(({ happening, clients }, at) => [
      `${happenings[happening]}; ${clientTexts[clients]}`,
      ...results.map(({ rounds }) => {
        const runs = rounds.flatMap(({ events }) => events[at] ?? [])
        return runs.length === 0 ? 'one process' : cell(runs)
      }),
    ]),
  })
}

function renderLosses(results: readonly PeerResults[]): string[] {
  const failed = (runs: readonly EventResult[]): string => runs.map((run) => String(run.failed)).join(', ')
  const full = (runs: readonly EventResult[]): string => {
    const times = runs.flatMap(({ fullMs }) => fullMs ?? [])
    return times.length === runs.length ? toFigure(times) : 'not within 12 s'
  }
  return [
    '### Failed requests, of every run\n\nRefused, reset or closed before the whole answer, five seconds without one, or a status of 400 and more.',
    renderEvents(results, failed),
    '### Time until both workers answer again, ms\n\nFor `reload` and `restart` until two new ones have answered.',
    renderEvents(results, full),
  ]
}

export function renderBench(results: readonly PeerResults[], head: string): string {
  const managed = results.filter(({ rounds }) =>
    rounds.some(({ events }) => events.some((event) => event !== undefined)),
  )
  return [
    head,
    '### Requests per second, and p99\n\nThe generator runs on the same cores, in a process of its own.',
    renderSpeed(results),
    '### CPU time of a request, µs\n\nOf all processes of a candidate together, those that only manage included.',
    renderCpu(results),
    ...(managed.length === 0 ? [] : renderLosses(managed)),
    '### Memory\n\nPSS after the load: pages that processes share are counted once.',
    renderMemory(results),
  ].join('\n\n')
}

/** Puts the tables between their marks, at the end of the page when there are none yet. */
export function insertBench(page: string, text: string): string {
  const block = `${BEGIN}\n\n${text}\n\n${END}`
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  return begin >= 0 && end > begin
    ? page.slice(0, begin) + block + page.slice(end + END.length)
    : `${page.trimEnd()}\n\n## Measured beside others\n\n${block}\n`
}

export function writeBench(text: string): void {
  const path = new URL('../../docs/servers.md', import.meta.url)
  writeFileSync(path, insertBench(existsSync(path) ? readFileSync(path, 'utf8') : '# Servers\n', text))
}
