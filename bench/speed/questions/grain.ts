import { calibrate } from '../calibrate.ts'
import { WORKERS } from '../contenders/contender.ts'
import { calibratePython } from '../contenders/python.ts'
import { findMetg, summarize } from '../figures.ts'
import { type KindName, kinds } from '../grain/kinds.ts'
import { type GrainInput, type GrainResult, type GrainSeries, grainProgram } from '../grain/protocol.ts'
import { runProgram } from '../program.ts'
import { type Answer, type Extent, type Question, type Run, format, formatFigure, formatSamples } from '../question.ts'

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

/** By what an item really costs in the plain loop, not by what it was asked to cost; one for each round. */
function findMetgs({ cells }: Line): (number | undefined)[] {
  return cells[0]!.plainUs.map((_, round) =>
    findMetg(cells.map((cell) => ({ costUs: cell.plainUs[round]!, efficiency: cell.efficiency[round]! }))),
  )
}

function describeMetg(line: Line): string {
  const metgs = findMetgs(line)
  const found = metgs.filter((metg) => metg !== undefined)
  const highest = summarize(line.cells.at(-1)!.plainUs).median
  if (found.length < metgs.length / 2) return `> ${format(highest)} µs`
  const figure = summarize(metgs.map((metg) => metg ?? Infinity))
  const isBound = figure.median <= summarize(line.cells[0]!.plainUs).max
  if (isBound) return `≤ ${format(figure.median)} µs`
  return figure.max === Infinity ? `${format(figure.median)} µs (${format(figure.min)}–)` : formatFigure(figure, ' µs')
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
        describeMetg(line),
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
  const costs = costsUs[run.extent.name]
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
  about: `Efficiency: time of a plain loop ÷ (${WORKERS} workers × time with the pool). The plain loop does the same work over the same generator, for a range over the same index; Python (multiprocessing.Pool.imap, concurrent.futures.ProcessPoolExecutor.map) is compared with a plain loop in Python. METG(50 %), the minimum effective task granularity: the measured cost of an item, in that loop, from which on the workers are half efficient; "≤" where they are so at the smallest cost asked for. Chunks by hand: 1000 items (10 of the buffers), or as many as take 10 ms. Each column is a program of its own. All its pools are open while one of them is measured, since each needs to be warm; the others idle. Of the pools without streams, all are asked for numbers, and only piscina for the rest, unless with --full.`,
  async ask(run) {
    const perUs = calibrate()
    const pythonPerUs = run.hasPython ? calibratePython() : 0
    return (Object.keys(kinds) as KindName[]).map((kind) => askKind(kind, run, perUs, pythonPerUs))
  },
}
