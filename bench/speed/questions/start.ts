import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { divide } from '../figures.ts'
import { type Question, checkEqual, formatSamples } from '../question.ts'

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
  title: 'How long until the first result?',
  about:
    'From the start of the program to the first result of one of two workers. `bare`: two `worker_threads` by hand, and nothing else.',
  async ask({ extent, hasPeers }) {
    const samples = new Map<string, number[]>(
      programs.filter((program) => hasPeers || program !== 'piscina').map((program) => [program, []]),
    )
    const rounds = extent.name === 'smoke' ? 1 : 4 * extent.rounds
    for (let round = 0; round < rounds; round++) {
      for (const [program, times] of samples) times.push(run(program))
    }
    const base = samples.get('bare')!
    return [
      {
        how: `Median of ${rounds} programs.`,
        columns: ['', 'ms', 'beside bare'],
        rows: [...samples].map(([program, times]) => [
          program,
          formatSamples(times),
          formatSamples(divide(times, base), ' ×'),
        ]),
        samples: [...samples].map(([program, values]) => ({ of: program, unit: 'ms', values })),
      },
    ]
  },
}
