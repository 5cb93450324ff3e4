// Which words can be made of these letters? Up to 10 letters every arrangement is tried, on all cores; from 11 letters
// on that would take too long, so the word list is reduced instead.
//   node examples/letter-puzzle.ts --letters amgno --letters dikkloor
import { createPool } from 'eisenmp'
import type { Pool, Stream } from 'eisenmp'
import type * as Puzzle from './letter-puzzle.worker.ts'
import { arrangements, countArrangements, sortLetters, stems } from './lib/arrangements.ts'
import { collectChunks, compareWays, formatComparisons, showStep } from './lib/comparison.ts'
import type { Comparison } from './lib/comparison.ts'
import type { JobOptions } from './lib/job-options.ts'
import { runProgram } from './lib/program.ts'
import { loadWordLists } from './lib/word-lists.ts'

const MODULES = new URL('./letter-puzzle.worker.ts', import.meta.url)
const BRUTE_FORCE_LETTERS = 10
const TAIL_LETTERS = 6
const SMALL_PUZZLES = ['amgno', 'dikkloor', 'aacefhklmss', 'acceeegilmnortt']
const SHORT_PUZZLES = ['amgno', 'dikkloor', 'beeinnrst', 'ceehnnrst', 'eehinorst', 'cfhhilorrs', 'abcilnorsu']
const LONG_PUZZLES = ['aacefhklmss', 'eeeffikorrs', 'acceeegilmnortt', 'bdeeggiilnnnrstuuv']

/** One way to find words: as a stream through a pool, and in a plain loop. */
type Way = { label: string; stream(pool: Pool<typeof Puzzle>): Stream<string>; plain(): Iterable<string> }

/** Solves the puzzles; prints what was found and how long it took; returns its last line. */
export async function solvePuzzles({ quick, workers, letters }: JobOptions): Promise<string> {
  const puzzles = letters.length > 0 ? letters : quick ? SMALL_PUZZLES : [...SHORT_PUZZLES, ...LONG_PUZZLES]
  const { words, sources, remarks } = await showStep('reading the word lists', () => loadWordLists({ quick }))
  const { ways, config, tries } = planWays(puzzles, words)
  for (const text of [...sources, ...remarks, tries]) console.log(`  ${text}`)

  const comparisons: Comparison<string>[] = []
  for (const { label, stream, plain } of ways) {
    const pooled = async (count: number, runLabel: string) => {
      const pool = await createPool<typeof Puzzle>({ modules: MODULES, workers: count, config })
      try {
        return await collectChunks(pool, stream(pool).chunks(), runLabel)
      } finally {
        await pool.close()
      }
    }
    comparisons.push(await compareWays({ label, workers, pooled, plain: () => [...plain()] }))
  }

  const solved = printSolutions(puzzles, new Set(comparisons.flatMap(({ results }) => results)))
  console.log(`\n${formatComparisons(comparisons)}`)
  return `${solved} of ${puzzles.length} puzzles have a word`
}

function planWays(puzzles: string[], words: string[]): { ways: Way[]; config: Puzzle.PuzzleConfig; tries: string } {
  const short = puzzles.filter((puzzle) => puzzle.length <= BRUTE_FORCE_LETTERS)
  const long = puzzles.filter((puzzle) => puzzle.length > BRUTE_FORCE_LETTERS)
  const lengths = new Set(short.map((puzzle) => puzzle.length))
  const dictionary = words.filter((word) => lengths.has(word.length))
  const total = short.reduce((sum, puzzle) => sum + countArrangements(puzzle), 0)
  const ways: Way[] = []
  if (short.length > 0) ways.push(...tryArrangements(short, dictionary, total))
  if (long.length > 0) ways.push(reduceList(long, words))
  const tries = `${total.toLocaleString('en-US')} arrangements of up to ${BRUTE_FORCE_LETTERS} letters`
  return { ways, config: { dictionary: dictionary.join('\n'), puzzles: long }, tries }
}

/** Looks up every arrangement. Who makes them decides what has to travel: arrangements, or only their beginnings. */
function tryArrangements(puzzles: string[], dictionary: string[], total: number): Way[] {
  const beginnings = puzzles.flatMap((puzzle) => [...stems(puzzle, TAIL_LETTERS)])
  function* everyArrangement(): Generator<string> {
    for (const puzzle of puzzles) yield* arrangements(puzzle)
  }
  function* plain(): Generator<string> {
    const words = new Set(dictionary)
    for (const arrangement of everyArrangement()) if (words.has(arrangement)) yield arrangement
  }
  return [
    {
      label: 'arrangements from the parent',
      stream: (pool) => pool.from(everyArrangement(), { total }).filter('isWord'),
      plain,
    },
    {
      label: 'arrangements in the workers',
      stream: (pool) => pool.from(beginnings).flatMap('finishStem'),
      plain,
    },
  ]
}

/** Keeps the words of the list that have the letters of a puzzle. */
function reduceList(puzzles: string[], words: string[]): Way {
  const wanted = new Set(puzzles.map(sortLetters))
  return {
    label: 'word list reduced',
    stream: (pool) => pool.from(words).filter('solvesPuzzle'),
    plain: () => words.filter((word) => wanted.has(sortLetters(word))),
  }
}

function printSolutions(puzzles: string[], found: Set<string>): number {
  let solved = 0
  console.log()
  for (const puzzle of puzzles) {
    const solutions = [...found].filter((word) => sortLetters(word) === sortLetters(puzzle))
    if (solutions.length > 0) solved += 1
    console.log(`  ${puzzle.padEnd(20)} ${solutions.join(' ') || '(no word in these lists)'}`)
  }
  return solved
}

export const letterPuzzle = {
  summary: 'Finds the words that can be made of some letters, on all cores.',
  flags: ['quick', 'workers', 'letters', 'help'],
  run: async (options: JobOptions) => console.log(await solvePuzzles(options)),
} as const

if (import.meta.main) await runProgram(letterPuzzle)
