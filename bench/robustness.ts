// What happens to the calls of a pool when its workers die? `node robustness.ts [--only pool] [--case name] [--json]`
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Case } from './robustness/case.ts'
import { CASES } from './robustness/cases.ts'
import type { Peer } from './robustness/contract.ts'
import type { Verdict } from './robustness/verdict.ts'
import { installPeers } from './robustness/install.ts'
import { explainSkip, judgeRun } from './robustness/judge.ts'
import { PEERS } from './robustness/peers.ts'
import type { Run } from './robustness/runner.ts'
import { runCase } from './robustness/runner.ts'
import type { Row } from './robustness/table.ts'
import { renderMatrix, renderPage, tellVerdict } from './robustness/table.ts'

interface Result {
  peer: Peer
  row: Case
  verdict: Verdict
  runs: Run[]
}

const USAGE = `usage: node robustness.ts [options]
  --only <pool>    pools whose name starts with this, may be given again
  --case <name>    cases whose name starts with this, may be given again
  --repeat <n>     run each case n times, a single failure counts (1)
  --jobs <n>       programs at the same time (one per core, at most 4)
  --json           verdicts and facts on stdout; no page
  --list           names of pools and cases
Without --only, --case and --json the page docs/robustness.md is written.`

function parseCount(text: string | undefined, fallback: number): number {
  const count = text === undefined ? fallback : Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`not a positive integer: ${text}`)
  return count
}

function select<T extends { name: string }>(all: readonly T[], prefixes: readonly string[] | undefined): T[] {
  if (prefixes === undefined) return [...all]
  const unknown = prefixes.find((prefix) => !all.some((one) => one.name.startsWith(prefix)))
  if (unknown !== undefined) throw new Error(`nothing is named ${unknown}; see --list`)
  const exact = prefixes.filter((prefix) => all.some((one) => one.name === prefix))
  return all.filter(
    ({ name }) => exact.includes(name) || prefixes.some((prefix) => !exact.includes(prefix) && name.startsWith(prefix)),
  )
}

async function judgeCase(peer: Peer, row: Case, repeat: number): Promise<Result> {
  const skipped = explainSkip(peer, row)
  if (skipped !== undefined) return { peer, row, runs: [], verdict: { passed: null, word: skipped, details: {} } }
  const runs: Run[] = []
  for (let i = 0; i < repeat; i++) runs.push(await runCase(peer, row))
  const verdicts = runs.map(judgeRun)
  const failed = verdicts.filter((one) => one.passed === false)
  const [first] = failed.length > 0 ? failed : verdicts
  if (first === undefined) throw new Error('no run, no verdict')
  const isMixed = failed.length > 0 && failed.length < repeat
  return {
    peer,
    row,
    runs,
    verdict: isMixed ? { ...first, word: `${first.word} (${failed.length} of ${repeat})` } : first,
  }
}

async function judgeAll(
  peers: readonly Peer[],
  rows: readonly Case[],
  repeat: number,
  jobs: number,
): Promise<Result[]> {
  const pairs = rows.flatMap((row) => peers.map((peer) => ({ peer, row })))
  const results: Result[] = []
  const next = pairs.entries()
  const work = async (): Promise<void> => {
    for (const [index, { peer, row }] of next) {
      const result = await judgeCase(peer, row, repeat)
      results[index] = result
      process.stderr.write(`${index + 1}/${pairs.length} ${row.name}, ${peer.name}: ${tellVerdict(result.verdict)}\n`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

function toRows(rows: readonly Case[], results: readonly Result[]): Row[] {
  return rows.map((row) => ({
    row,
    verdicts: new Map(results.filter((one) => one.row === row).map((one) => [one.peer.name, one.verdict])),
  }))
}

function findMeanPatience(results: readonly Result[]): number {
  const all = results.flatMap(({ runs }) => runs.map(({ facts }) => facts.patience ?? 1))
  return all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length)
}

function toJson(results: readonly Result[]): string {
  const plain = results.map(({ peer, row, verdict, runs }) => ({
    pool: peer.name,
    case: row.name,
    ...verdict,
    runs: runs.map(({ peer: _peer, row: _row, ...seen }) => seen),
  }))
  return JSON.stringify(plain, null, 2)
}

function writePage(page: string): void {
  const folder = new URL('../docs/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL('robustness.md', folder), page)
  process.stderr.write('wrote docs/robustness.md\n')
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      case: { type: 'string', multiple: true },
      repeat: { type: 'string' },
      jobs: { type: 'string' },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  if (values.list) return console.log([...PEERS, ...CASES].map(({ name }) => name).join('\n'))
  const peers = select(PEERS, values.only)
  const rows = select(CASES, values.case)
  const repeat = parseCount(values.repeat, 1)
  const jobs = parseCount(values.jobs, Math.min(4, availableParallelism()))
  installPeers(peers)
  const results = await judgeAll(peers, rows, repeat, jobs)
  if (values.json) return console.log(toJson(results))
  const table = toRows(rows, results)
  const isWhole = values.only === undefined && values.case === undefined
  const command = `npm run bench:robustness${repeat > 1 ? ` -- --repeat ${repeat}` : ''}`
  if (isWhole) writePage(renderPage(peers, table, { command, repeat, patience: findMeanPatience(results) }))
  else console.log(renderMatrix(peers, table))
}

await main()
