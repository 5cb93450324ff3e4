// How fast is it, beside other pools? `node speed.ts [question …] [--full | --smoke] [--write]`
import { parseArgs } from 'node:util'
import { installPeers } from './robustness/install.ts'
import { PEERS } from './robustness/peers.ts'
import { describeMachine, renderAnswer, writePage } from './speed/page.ts'
import { type Answer, type Question, extents } from './speed/question.ts'
import { calls } from './speed/questions/calls.ts'
import { grain } from './speed/questions/grain.ts'
import { idle } from './speed/questions/idle.ts'
import { start } from './speed/questions/start.ts'

const questions: readonly Question[] = [grain, calls, start, idle]

const USAGE = `usage: node speed.ts [question …] [options]
  questions        ${questions.map(({ name }) => name).join(', ')}; all without one
  --full           more rounds and more points
  --smoke          as little as possible, of eisenmp alone: shows that results are right, measures nothing
  --write          write docs/benchmarks.md and its plots`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      full: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const unknown = positionals.find((name) => !questions.some((question) => question.name === name))
  if (unknown !== undefined) throw new Error(`No question is named ${unknown}.\n${USAGE}`)
  const asked = questions.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const extent = extents[values.smoke ? 'smoke' : values.full ? 'full' : 'quick']
  const hasPeers = !values.smoke
  if (hasPeers) installPeers(PEERS)
  const machine = describeMachine(hasPeers)
  console.log(`${machine}\n`)
  const answers: Answer[] = []
  for (const question of asked) {
    for (const answer of await question.ask(extent, hasPeers)) {
      answers.push(answer)
      // With so little work a figure would say nothing.
      console.log(values.smoke ? `right: ${answer.title}` : renderAnswer(answer))
    }
  }
  if (values.write) writePage(answers, machine, `npm run bench -- ${process.argv.slice(2).join(' ')}`)
}

await main()
