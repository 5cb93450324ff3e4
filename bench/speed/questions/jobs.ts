import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WORKERS } from '../contenders/contender.ts'
import { runPython } from '../contenders/python.ts'
import { divide } from '../figures.ts'
import { writeFlights, writeWords } from '../jobs/files.ts'
import {
  type FlightsWay,
  HAND_MADE,
  type JobResult,
  type PuzzleWay,
  WORDS_VARIABLE,
  flightsWays,
  jobProgram,
  puzzleWays,
} from '../jobs/protocol.ts'
import { runProgram } from '../program.ts'
import { type Answer, type Question, type Run, checkEqual, formatSamples } from '../question.ts'

/** Ten different letters, of which the lists have seven words. */
const LETTERS = 'abcehinrst'
const SMALL_LETTERS = 'dikkloor'

function isThere(way: string, { hasPeers, hasPython }: Run): boolean {
  if (way.startsWith('piscina')) return hasPeers
  return !way.startsWith('Python') || hasPython
}

function runPuzzle(way: PuzzleWay, letters: string, words: string): JobResult {
  if (!way.startsWith('Python'))
    return runProgram(jobProgram, { job: 'puzzle', way, letters }, { [WORDS_VARIABLE]: words })
  const program = new URL('../jobs/puzzle.py', import.meta.url)
  const output = runPython(program, [letters, WORKERS, HAND_MADE], { [WORDS_VARIABLE]: words })
  const { ms, found } = JSON.parse(output) as { ms: number; found: string[] }
  return { ms, result: found.toSorted().join(' ') }
}

/** All ways in turn; they must agree. */
function compare<Way extends string>(
  ways: readonly Way[],
  run: Run,
  once: (way: Way) => JobResult,
): Map<Way, number[]> {
  const there = ways.filter((way) => isThere(way, run))
  const times = new Map(there.map((way): [Way, number[]] => [way, []]))
  let expected: string | undefined
  for (let round = 0; round < run.extent.rounds; round++) {
    for (const [way, samples] of times) {
      const { ms, result } = once(way)
      expected ??= result
      checkEqual(way, result, expected)
      samples.push(ms)
    }
  }
  return times
}

function toAnswer<Way extends string>(
  title: string,
  how: string,
  times: Map<Way, number[]>,
  bases: readonly Way[],
): Answer {
  const there = bases.filter((way) => times.has(way))
  return {
    title,
    how,
    columns: ['', 'ms', ...there.map((way) => `faster than ${way}`)],
    rows: [...times].map(([way, samples]) => [
      way,
      formatSamples(samples),
      ...there.map((base) => formatSamples(divide(times.get(base)!, samples), ' ×')),
    ]),
    samples: [...times].map(([way, values]) => ({ of: `${title}: ${way}`, unit: 'ms', values })),
  }
}

async function askPuzzle(run: Run, folder: string, isSmall: boolean): Promise<Answer[]> {
  const letters = isSmall ? SMALL_LETTERS : LETTERS
  const { all, fitting } = await writeWords(folder, letters.length, isSmall)
  const bases: PuzzleWay[] = ['one thread', 'Python Pool.imap_unordered, chunksize by hand']
  const how = `Which words can be made of the letters ${letters}? All ${isSmall ? '' : '3,628,800 '}arrangements are looked up.`
  const inFitting = toAnswer(
    'Letter puzzle, in the words of that length',
    how,
    compare(puzzleWays, run, (way) => runPuzzle(way, letters, fitting)),
    bases,
  )
  if (isSmall) return [inFitting]
  return [
    toAnswer(
      'Letter puzzle, in the whole word list',
      `${how} Every worker reads all words of the English and the German list.`,
      compare(puzzleWays, run, (way) => runPuzzle(way, letters, all)),
      bases,
    ),
    inFitting,
  ]
}

async function askFlights(run: Run, folder: string, isSmall: boolean): Promise<Answer> {
  const file = await writeFlights(folder, isSmall)
  const once = (way: FlightsWay): JobResult => runProgram(jobProgram, { job: 'flights', way, file, isSmall })
  return toAnswer(
    'Flights',
    'By how many minutes were 3,000,000 flights late on average? From a CSV file of three columns, and from the same table in Parquet.',
    compare(flightsWays, run, once),
    ['one thread', 'one thread, Parquet'],
  )
}

/** What becomes of it in a whole program? */
export const jobs: Question = {
  name: 'jobs',
  title: 'How long do whole jobs take?',
  about: `From the start of the work to its result, opening and closing a pool of ${WORKERS} workers and loading what the work needs included; each in a program of its own. Chunks by hand have ${HAND_MADE} items. [examples/](../examples/README.md) has both jobs.`,
  async ask(run) {
    const isSmall = run.extent.name === 'smoke'
    const folder = mkdtempSync(join(tmpdir(), 'eisenmp-bench-'))
    try {
      return [...(await askPuzzle(run, folder, isSmall)), await askFlights(run, folder, isSmall)]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
