// Which words can be made of these letters? Up to 10 letters every arrangement is tried, on all cores; from 11 letters
// on that would take too long, so the word list is searched instead.
//   node examples/letter-puzzle.ts --letters amgno --letters dikkloor
import { createPool, permutations } from 'eisenmp'
import type { Pool, Stream } from 'eisenmp'
import type * as Puzzle from './letter-puzzle.worker.ts'
import { arrangements, countArrangements, sortLetters } from './lib/arrangements.ts'
import { collectChunks, compareWays, joinRuns, loopOver, showStep } from './lib/comparison.ts'
import { formatComparison } from './lib/comparison-chart.ts'
import { isProgram } from './lib/is-program.ts'
import type { JobOptions } from './lib/job-options.ts'
import { formatNote, formatPairs, formatTitle, wrap } from './lib/layout.ts'
import { runProgram } from './lib/program.ts'
import { loadWordLists } from './lib/word-lists.ts'

const MODULES = new URL('./letter-puzzle.worker.ts', import.meta.url)
const BRUTE_FORCE_LETTERS = 10
const SMALL_PUZZLES = ['amgno', 'dikkloor', 'aacefhklmss', 'acceeegilmnortt']
const SHORT_PUZZLES = ['amgno', 'dikkloor', 'beeinnrst', 'ceehnnrst', 'eehinorst', 'cfhhilorrs', 'abcilnorsu']
const LONG_PUZZLES = ['aacefhklmss', 'eeeffikorrs', 'acceeegilmnortt', 'bdeeggiilnnnrstuuv']

/** One way to find words: as streams through a pool, one after another, and in a plain loop over as many items. */
type Way = {
  label: string
  config: Puzzle.PuzzleConfig
  streams(pool: Pool<typeof Puzzle>): Stream<string, typeof Puzzle>[]
  total: number
  plain(loop: <T>(items: Iterable<T>, use: (item: T) => void) => Promise<void>): Promise<string[]>
}

/** Solves the puzzles; prints what was found and how long it took; returns its last line. */
export async function solvePuzzles({ quick, workers, letters }: JobOptions): Promise<string> {
  const puzzles = letters.length > 0 ? letters : quick ? SMALL_PUZZLES : [...SHORT_PUZZLES, ...LONG_PUZZLES]
  const short = puzzles.filter((puzzle) => [...puzzle].length <= BRUTE_FORCE_LETTERS)
  const long = puzzles.filter((puzzle) => !short.includes(puzzle))
  console.log(formatTitle('Letter puzzle', 'Which words can be made of these letters?'))
  const { words, sources, remarks } = await showStep('reading the word lists', () => loadWordLists({ quick }))
  for (const source of sources) console.log(wrap(source, 2))
  for (const remark of remarks) console.log(formatNote(remark))

  let solved = 0
  if (short.length > 0) {
    const lengths = new Set(short.map((puzzle) => [...puzzle].length))
    const dictionary = words.filter((word) => lengths.has([...word].length))
    const total = short.reduce((sum, puzzle) => sum + countArrangements(puzzle), 0)
    const task = `Up to ${BRUTE_FORCE_LETTERS} letters, every arrangement is tried: ${count(total)}`
    solved += await compareOn(short, task, tryArrangements(short, dictionary, total), workers)
  }
  if (long.length > 0) {
    const task = `From ${BRUTE_FORCE_LETTERS + 1} letters on, the list is searched: ${count(words.length)} words`
    solved += await compareOn(long, task, [searchList(long, words)], workers)
  }
  return `${solved} of ${puzzles.length} puzzles solved`
}

/** Solves the puzzles in every way; prints the words as soon as the first one has found them; counts what is solved. */
async function compareOn(puzzles: string[], task: string, ways: Way[], workers: number): Promise<number> {
  console.log(`\n${wrap(task, 2)}`)
  let solved: number | undefined
  for (const { label, config, streams, total, plain } of ways) {
    const comparison = await compareWays({
      label,
      workers,
      pooled: async (size, runLabel) => {
        const pool = await createPool<typeof Puzzle>({ modules: MODULES, workers: size, config })
        try {
          const runs = []
          for (const stream of streams(pool)) runs.push(await collectChunks(pool, stream.chunks(), runLabel))
          return joinRuns(runs)
        } finally {
          await pool.close()
        }
      },
      plain: (runLabel) => plain((items, use) => loopOver(items, total, runLabel, use)),
      onResults: (found) => (solved ??= printSolutions(puzzles, found)),
    })
    console.log(`\n${formatComparison(comparison)}`)
  }
  return solved ?? 0
}

/** Looks up every arrangement. Who makes them decides what has to travel: arrangements, or two numbers for each chunk. */
function tryArrangements(puzzles: string[], dictionary: string[], total: number): Way[] {
  const config = { dictionary: dictionary.join('\n'), puzzles: [] }
  function* everyArrangement(): Generator<string> {
    for (const puzzle of puzzles) yield* arrangements(puzzle)
  }
  const plain: Way['plain'] = async (loop) => {
    const words = new Set(dictionary)
    const found: string[] = []
    await loop(everyArrangement(), (arrangement) => {
      if (words.has(arrangement)) found.push(arrangement)
    })
    return found
  }
  return [
    {
      label: 'arrangements made by the parent',
      config,
      streams: (pool) => [pool.from(everyArrangement(), { total }).filter('isWord')],
      total,
      plain,
    },
    {
      label: 'arrangements made by the workers',
      config,
      streams: (pool) => puzzles.map((puzzle) => pool.from(permutations(puzzle)).filter('isWord')),
      total,
      plain,
    },
  ]
}

/** Keeps the words of the list that have the letters of a puzzle. */
function searchList(puzzles: string[], words: string[]): Way {
  const wanted = new Set(puzzles.map(sortLetters))
  return {
    label: 'words compared letter by letter',
    config: { dictionary: '', puzzles },
    streams: (pool) => [pool.from(words).filter('solvesPuzzle')],
    total: words.length,
    plain: async (loop) => {
      const found: string[] = []
      await loop(words, (word) => {
        if (wanted.has(sortLetters(word))) found.push(word)
      })
      return found
    },
  }
}

function printSolutions(puzzles: string[], found: string[]): number {
  const pairs = puzzles.map((puzzle): [string, string] => {
    const solutions = new Set(found.filter((word) => sortLetters(word) === sortLetters(puzzle)))
    return [puzzle, [...solutions].join(' ') || '–']
  })
  console.log(formatPairs(pairs, 4))
  return pairs.filter(([, words]) => words !== '–').length
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

if (isProgram(import.meta.url)) {
  await runProgram({
    summary: 'Finds the words that can be made of some letters, on all cores.',
    flags: ['quick', 'workers', 'letters', 'help'],
    run: solvePuzzles,
  })
}
