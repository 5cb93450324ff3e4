// One pool, one case, one process: `node driver.ts <pool> <case>`. Facts go to a file line by line, because this process
// may hang or die at any moment, which is then a fact as well.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { CASES } from './cases.ts'
import type { Case } from './case.ts'
import { patience } from './deadline.ts'
import { PEERS } from './peers.ts'
import type { Context } from './scenario.ts'
import { runCalls } from './scenarios/calls.ts'
import { runEnding, runOrphans } from './scenarios/ending.ts'
import { runStart } from './scenarios/start.ts'
import { runStream } from './scenarios/stream.ts'
import { runThrown } from './scenarios/thrown.ts'
import { runValues } from './scenarios/values.ts'

const SCENARIOS = {
  calls: runCalls,
  start: runStart,
  values: runValues,
  thrown: runThrown,
  stream: runStream,
  ending: runEnding,
  orphans: runOrphans,
} as { [Kind in Case['kind']]: (context: Context) => Promise<void> }

async function main(): Promise<void> {
  const [peerName, caseName] = process.argv.slice(2)
  const peer = PEERS.find((one) => one.name === peerName)
  const row = CASES.find((one) => one.name === caseName)
  const folder = process.env['EISENMP_BENCH_FOLDER']
  if (peer === undefined || row === undefined || folder === undefined) {
    throw new Error('driver.ts is started by the runner, with a pool, a case and a folder')
  }
  const report: Context['report'] = (key, fact) => {
    appendFileSync(join(folder, 'facts'), `${JSON.stringify([key, fact])}\n`)
  }
  const uncaught: string[] = []
  const note = (error: unknown): void => {
    uncaught.push(String(error).slice(0, 200))
    report('uncaught', uncaught)
    console.error(error)
  }
  // Without a listener these would end the program; here they are noted, and the case goes on.
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  report('patience', patience)
  await SCENARIOS[row.kind]({ peer, row, folder, report })
  report('done', true)
  if (row.kind !== 'ending') process.exit(0)
}

await main()
