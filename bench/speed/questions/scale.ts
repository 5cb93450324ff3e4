import { calibrate } from '../calibrate.ts'
import { WORKERS } from '../contenders/contender.ts'
import { divide, summarize } from '../figures.ts'
import { runProgram } from '../program.ts'
import { type Answer, type Extent, type Question, formatSamples } from '../question.ts'
import { type ScaleInput, type ScaleResult, scaleProgram } from '../scale/protocol.ts'

type Way = ScaleInput['way']

const titles: Readonly<Record<Way, string>> = {
  range: '`range(…).filter().count()`',
  generator: 'generator, `filter().forEach()`',
}
const counts: Record<Extent['name'], readonly number[]> = {
  smoke: [1e4],
  quick: [1e4, 1e5, 1e6, 1e7, 1e8],
  full: [1e4, 1e5, 1e6, 1e7, 1e8],
}
const ways = ['range', 'generator'] as const

interface Cell {
  readonly input: ScaleInput
  readonly results: ScaleResult[]
}

function measure(cells: readonly Cell[], rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    for (const { input, results } of cells) {
      results.push(runProgram(scaleProgram, input, { EISENMP_BENCH_ROUNDS: String(input.rounds ?? 0) }))
    }
  }
}

function askCounts(extent: Extent): Answer {
  const cells = ways.flatMap((way) =>
    counts[extent.name].map((items): Cell => ({ input: { way, items, workers: WORKERS }, results: [] })),
  )
  measure(cells, extent.rounds)
  const nsOf = ({ input, results }: Cell): number[] => results.map(({ ms }) => (ms * 1e6) / input.items)
  const memoryOf = ({ results }: Cell): number[] => results.map(({ peakMb }) => peakMb)
  return {
    title: 'Items',
    how: `Is a number even? ${WORKERS} workers. Time for each item, and the most memory that the whole program had.`,
    columns: ['', 'items', 'time per item', 'in all', 'peak memory'],
    rows: cells.map((cell) => [
      titles[cell.input.way],
      cell.input.items.toLocaleString('en-US'),
      formatSamples(nsOf(cell), ' ns'),
      formatSamples(
        cell.results.map(({ ms }) => ms),
        ' ms',
      ),
      formatSamples(memoryOf(cell), ' MB'),
    ]),
    plot: {
      file: 'scale-memory.svg',
      title: 'Peak memory of the program by number of items',
      x: { label: 'items', isLogarithmic: true },
      y: { label: 'MB', isLogarithmic: false },
      series: ways.map((way) => ({
        name: `eisenmp ${way}`,
        points: cells
          .filter(({ input }) => input.way === way)
          .map((cell) => [cell.input.items, summarize(memoryOf(cell)).median] as const),
      })),
    },
    samples: cells.flatMap((cell) => [
      { of: `${cell.input.way}, ${cell.input.items} items`, unit: 'ns per item', values: nsOf(cell) },
      { of: `${cell.input.way}, ${cell.input.items} items`, unit: 'peak MB', values: memoryOf(cell) },
    ]),
  }
}

function askWorkers(extent: Extent): Answer {
  const rounds = Math.max(1, Math.round(calibrate()))
  const items = extent.name === 'smoke' ? 1000 : 1e6
  const cells = ways.flatMap((way) =>
    (extent.name === 'smoke' ? [1] : [1, 2, 4]).map((workers): Cell => {
      return { input: { way, items, workers, rounds }, results: [] }
    }),
  )
  measure(cells, extent.rounds)
  const plainOf = ({ results }: Cell): number[] => results.map(({ plainMs }) => plainMs!)
  const msOf = ({ results }: Cell): number[] => results.map(({ ms }) => ms)
  return {
    title: 'Workers',
    how: `${items.toLocaleString('en-US')} items of 1 µs, beside a plain loop in the same program: by index, and over the same generator.`,
    columns: ['', 'workers', 'ms', 'plain loop, ms', 'speed-up'],
    rows: cells.map((cell) => [
      titles[cell.input.way].replace('filter().count', 'map().reduce').replace('filter', 'map'),
      String(cell.input.workers),
      formatSamples(msOf(cell)),
      formatSamples(plainOf(cell)),
      formatSamples(divide(plainOf(cell), msOf(cell)), ' ×'),
    ]),
    samples: cells.flatMap((cell) => [
      { of: `${cell.input.way}, ${cell.input.workers} workers`, unit: 'ms', values: msOf(cell) },
      { of: `${cell.input.way}, ${cell.input.workers} workers, plain loop`, unit: 'ms', values: plainOf(cell) },
    ]),
  }
}

/** Does it stay as fast, and as small, however much there is? */
export const scale: Question = {
  name: 'scale',
  title: 'Does it stay as fast and as small, however many items?',
  about: 'Every measurement is a program of its own, with threads; a short stream before it warms the workers.',
  ask: ({ extent }) => Promise.resolve([askCounts(extent), askWorkers(extent)]),
}
