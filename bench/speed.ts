// How fast is it, beside other pools? `node speed.ts [question …] [--full | --smoke] [--write] [--json <file>]`
import { parseArgs } from 'node:util'
import { installPeers } from './robustness/install.ts'
import { PEERS } from './robustness/peers.ts'
import { describeMachine, findPython, readMachine } from './speed/machine.ts'
import { type Section, renderAnswer } from './speed/page.ts'
import { type Question, type Run, extents } from './speed/question.ts'
import { calls } from './speed/questions/calls.ts'
import { channel } from './speed/questions/channel.ts'
import { grain } from './speed/questions/grain.ts'
import { idle } from './speed/questions/idle.ts'
import { jobs } from './speed/questions/jobs.ts'
import { payload } from './speed/questions/payload.ts'
import { promises } from './speed/questions/promises.ts'
import { scale } from './speed/questions/scale.ts'
import { start } from './speed/questions/start.ts'
import { writePage, writeSamples } from './speed/write.ts'

/** In the order of the page. */
const questions: readonly Question[] = [grain, promises, calls, start, scale, payload, idle, jobs, channel]
const order = questions.map(({ name }) => name)

const USAGE = `usage: node speed.ts [question …] [options]
  questions        ${order.join(', ')}; all without one
  --full           more rounds and more points
  --smoke          as little as possible, of eisenmp alone: shows that results are right, measures nothing
  --write          write the sections of these questions to docs/benchmarks.md, with their plots
  --json <file>    write every single measurement`

async function ask(question: Question, run: Run): Promise<Section> {
  const machine = describeMachine(readMachine(run))
  const full = run.extent.name === 'full' ? ' --full' : ''
  const command = `npm run bench -- ${question.name}${full}`
  const startedAt = performance.now()
  const answers = await question.ask(run)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  // With so little work a figure would say nothing.
  if (run.extent.name === 'smoke') console.log(`right: ${question.title} (${seconds} s)`)
  else
    console.log(
      `## ${question.title}\n\n${answers.map((answer) => renderAnswer(answer)).join('\n\n')}\n\n${seconds} s\n`,
    )
  return { question, answers, machine, command }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const unknown = positionals.find((name) => !order.includes(name))
  if (unknown !== undefined) throw new Error(`No question is named ${unknown}.\n${USAGE}`)
  if (values.smoke && values.write) throw new Error('Nothing is measured with --smoke, so there is nothing to write')
  const extent = extents[values.smoke ? 'smoke' : values.full ? 'full' : 'quick']
  const run: Run = { extent, hasPeers: !values.smoke, hasPython: !values.smoke && findPython() !== undefined }
  if (run.hasPeers) installPeers(PEERS)
  const machine = readMachine(run)
  console.log(`${describeMachine(machine)}\n`)
  const sections: Section[] = []
  for (const question of questions) {
    if (positionals.length > 0 && !positionals.includes(question.name)) continue
    sections.push(await ask(question, run))
    // One at a time: what is written stays, even if the next question fails.
    if (values.write) writePage(sections.slice(-1), order)
    if (values.json !== undefined) writeSamples(values.json, sections, machine)
  }
}

await main()
