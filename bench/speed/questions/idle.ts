import { PEERS } from '../../robustness/peers.ts'
import { divide } from '../figures.ts'
import { BARE, type IdleResult, NONE, idleProgram } from '../idle/protocol.ts'
import { runProgram } from '../program.ts'
import { type Extent, type Question, formatSamples } from '../question.ts'

const IDLE_WORKERS = 4
const watchMs: Record<Extent['name'], number> = { smoke: 50, quick: 3000, full: 20_000 }

interface Row {
  readonly name: string
  readonly results: IdleResult[]
}

/** What does a pool cost that has nothing to do? */
export const idle: Question = {
  name: 'idle',
  title: 'What does a pool cost that has nothing to do?',
  about: `${IDLE_WORKERS} workers that have worked and wait, in a program of its own. CPU: share of one core that the program and its processes used. Memory: what the program and its processes have beyond a program with no pool, shared pages counted once, for each worker; the code of the package is part of it. On Linux; elsewhere only the CPU time of the program itself.`,
  ask({ extent, hasPeers }) {
    const others = PEERS.filter(({ package: name }) => hasPeers && name !== 'eisenmp').map(({ name }) => name)
    const rows: Row[] = [NONE, 'eisenmp threads', 'eisenmp processes', BARE, ...others].map((name) => {
      return { name, results: [] }
    })
    const ms = watchMs[extent.name]
    const workers = extent.name === 'smoke' ? 1 : IDLE_WORKERS
    for (let round = 0; round < extent.rounds; round++) {
      for (const { name, results } of rows) {
        results.push(runProgram(idleProgram, { name, workers, watchMs: ms }, { EISENMP_BENCH_ROUNDS: '0' }))
      }
    }
    const cpuOf = ({ results }: Row): number[] => results.map(({ cpuMs }) => (cpuMs / ms) * 100)
    const base = rows[0]!.results
    const memoryOf = ({ results }: Row): number[] =>
      results.map(({ memoryMb = NaN }, round) => (memoryMb - (base[round]!.memoryMb ?? NaN)) / workers)
    const bare = rows.find(({ name }) => name === BARE)!
    const hasMemory = base[0]!.memoryMb !== undefined
    return Promise.resolve([
      {
        how: `Median of ${extent.rounds} programs, each watched for ${ms / 1000} s.`,
        columns: ['', 'CPU', 'memory per worker', 'beside bare'],
        rows: rows.map((row) => {
          const isCompared = hasMemory && row.name !== NONE
          const ratio = isCompared ? formatSamples(divide(memoryOf(row), memoryOf(bare)), ' ×') : '–'
          return [
            row.name === NONE ? 'no pool' : row.name,
            formatSamples(cpuOf(row), ' %'),
            isCompared ? formatSamples(memoryOf(row), ' MB') : '–',
            ratio,
          ]
        }),
        samples: rows.flatMap((row) => [
          { of: row.name, unit: '% of a core', values: cpuOf(row) },
          { of: row.name, unit: 'MB per worker', values: hasMemory ? memoryOf(row) : [] },
        ]),
      },
    ])
  },
}
