import { calibrate } from '../calibrate.ts'
import { WORKERS } from '../contenders/contender.ts'
import { calibratePython } from '../contenders/python.ts'
import { summarize } from '../figures.ts'
import { type KindName, kinds } from '../grain/kinds.ts'
import { describeMetg } from '../grain/metg.ts'
import { type GrainInput, type GrainResult, type GrainSeries, grainProgram } from '../grain/protocol.ts'
import { runProgram } from '../program.ts'
import { type Answer, type Extent, type Question, type Run, format, formatSamples } from '../question.ts'

const costsUs: Record<Extent['name'], readonly number[]> = {
  smoke: [1],
  quick: [0.05, 0.2, 1, 5, 20, 100],
  full: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 300, 1000],
}

/** A contender over all costs. */
interface Line {
  readonly name: string
  readonly cells: readonly GrainSeries[]
}

function toLines(results: readonly GrainResult[]): Line[] {
  return results[0]!.series.map(({ name }, at) => ({ name, cells: results.map(({ series }) => series[at]!) }))
}

/** A large item costs more to make than others cost to work on. */
function listCosts(kind: KindName, extent: Extent): readonly number[] {
  const costs = costsUs[extent.name]
  if (kind !== '100 KB buffers' || extent.name === 'smoke') return costs
  return [...new Set([...costs.filter((cost) => cost >= 1), 1000])]
}

function toAnswer(kind: KindName, costs: readonly number[], results: readonly GrainResult[], rounds: number): Answer {
  const lines = toLines(results)
  const idle = Math.max(...results.map(({ idlePercent }) => idlePercent))
  const costRow = (title: string, line: Line | undefined): string[][] =>
    line === undefined ? [] : [[title, ...line.cells.map(({ plainUs }) => formatSamples(plainUs, ' µs')), '']]
  const find = (wanted: string): Line | undefined => lines.find(({ name }) => name === wanted)
  return {
    title: kind[0]!.toUpperCase() + kind.slice(1),
    how: `Median of ${rounds} rounds. While all pools were open and none had work, the program and its processes used at most ${format(idle)} % of a core.`,
    columns: ['item asked to cost', ...costs.map((cost) => `${cost} µs`), 'METG(50 %)'],
    rows: [
      ...costRow('*plain loop over the generator*', find('eisenmp forEach')),
      ...costRow('*plain loop by index*', find('eisenmp range')),
      ...costRow('*plain loop of Python*', find('Python Pool.imap, chunksize by hand')),
      ...lines.map((line) => [
        line.name,
        ...line.cells.map(({ efficiency }) => formatSamples(efficiency)),
        describeMetg(line.cells),
      ]),
    ],
    plot: {
      file: `grain-${kind.replaceAll(' ', '-')}.svg`,
      title: `Efficiency by cost of an item: ${kind}`,
      x: { label: 'cost of an item in a plain loop, µs', isLogarithmic: true },
      y: { label: 'efficiency', isLogarithmic: false, mark: 0.5 },
      series: lines.map(({ name, cells }) => ({
        name,
        points: cells.map((cell) => [summarize(cell.plainUs).median, summarize(cell.efficiency).median] as const),
      })),
    },
    samples: lines.flatMap(({ name, cells }) =>
      cells.flatMap(({ plainUs, efficiency }, at) => [
        { of: `${name}, ${kind}, ${costs[at]} µs, plain loop`, unit: 'µs', values: plainUs },
        { of: `${name}, ${kind}, ${costs[at]} µs`, unit: 'efficiency', values: efficiency },
      ]),
    ),
  }
}

function askKind(kind: KindName, run: Run, perUs: number, pythonPerUs: number): Answer {
  const costs = listCosts(kind, run.extent)
  const results = costs.map((costUs) => {
    const rounds = Math.max(1, Math.round(costUs * perUs))
    const input: GrainInput = { run, kind, costUs, rounds, pythonRounds: Math.round(costUs * pythonPerUs) }
    return runProgram(grainProgram, input, { EISENMP_BENCH_ROUNDS: String(rounds) })
  })
  return toAnswer(kind, costs, results, run.extent.rounds)
}

/** How small may items be? */
export const grain: Question = {
  name: 'grain',
  title: 'How small may items be?',
  about: `Efficiency: time of a plain loop ÷ (${WORKERS} workers × time with the pool). The plain loop does the same work over the same generator, for a range over the same index; Python (multiprocessing.Pool.imap, concurrent.futures.ProcessPoolExecutor.map) is compared with a plain loop in Python. METG(50 %), the minimum effective task granularity: the measured cost of an item, in that loop, from which on the workers are half efficient; "≤" where they are so at the smallest cost asked for. Chunks by hand: 1000 items (10 of the buffers), or as many as take 10 ms. Each column is a program of its own. All its pools are open while one of them is measured, since each needs to be warm; the others idle. For numbers all are asked; for the rest, unless with --full, of the pools without streams only piscina, and not Python.`,
  async ask(run) {
    const perUs = calibrate()
    const pythonPerUs = run.hasPython ? calibratePython() : 0
    return (Object.keys(kinds) as KindName[]).map((kind) => askKind(kind, run, perUs, pythonPerUs))
  },
}
