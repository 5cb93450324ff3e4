import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { summarize } from '../figures.ts'
import { type Question, checkEqual, format } from '../question.ts'

const programs = ['bare', 'eisenmp-threads', 'eisenmp-processes', 'piscina'] as const

function run(program: string): number {
  const path = fileURLToPath(new URL(`../start/${program}.mjs`, import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`)
  const [result, ms] = stdout.trim().split(' ')
  checkEqual(program, result, '49')
  return Number(ms)
}

/** How long until the first result? */
export const start: Question = {
  name: 'start',
  async ask(extent, hasPeers) {
    if (!existsSync(new URL('../../../dist/index.js', import.meta.url))) throw new Error('Build first: npm run build')
    const samples = new Map<string, number[]>(
      programs.filter((program) => hasPeers || program !== 'piscina').map((program) => [program, []]),
    )
    for (let round = 0; round < 2 * extent.rounds; round++) {
      for (const [program, times] of samples) times.push(run(program))
    }
    const base = summarize(samples.get('bare')!).median
    return [
      {
        title: 'Start',
        how: `From the start of the program to the first result of one of two workers, ms; median of ${2 * extent.rounds} with its spread. \`bare\`: two \`worker_threads\` and nothing else.`,
        columns: ['', 'ms', 'beside bare'],
        rows: [...samples].map(([program, times]) => {
          const { median, min, max } = summarize(times)
          return [program, `${format(median)} (${format(min)}–${format(max)})`, `${format(median / base)} ×`]
        }),
      },
    ]
  },
}
