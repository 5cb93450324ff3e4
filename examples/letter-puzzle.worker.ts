// What a worker does for the letter puzzle: three tasks, each an ordinary function.
import type { Toolbox } from 'eisenmp'
import { arrangements, sortLetters } from './lib/arrangements.ts'
import type { Stem } from './lib/arrangements.ts'

/** The dictionary, one word on each line, and the letters of the puzzles for which the word list is searched. */
export type PuzzleConfig = { dictionary: string; puzzles: string[] }

/** Is this arrangement a word? */
export function isWord(arrangement: string, { config }: Toolbox<PuzzleConfig>): boolean {
  return openDictionary(config).has(arrangement)
}

/** Finds the words that begin with a stem, by trying every arrangement of the rest. */
export function finishStem({ stem, rest }: Stem, { config }: Toolbox<PuzzleConfig>): string[] {
  const dictionary = openDictionary(config)
  const found: string[] = []
  for (const end of arrangements(rest)) if (dictionary.has(stem + end)) found.push(stem + end)
  return found
}

/** Has this word exactly the letters of one of the puzzles? */
export function solvesPuzzle(word: string, { config }: Toolbox<PuzzleConfig>): boolean {
  puzzles ??= new Set(config.puzzles.map(sortLetters))
  return puzzles.has(sortLetters(word))
}

let words: Set<string> | undefined
let puzzles: Set<string> | undefined

/** Splits the dictionary at the first item: one string is quicker to send to a worker than a list of words. */
function openDictionary({ dictionary }: PuzzleConfig): Set<string> {
  words ??= new Set(dictionary.split('\n'))
  return words
}
