// What a worker does for the letter puzzle: two tasks, each an ordinary function.
import type { Toolbox } from 'eisenmp'
import { sortLetters } from './lib/arrangements.ts'

/** The dictionary, one word on each line, and the letters of the puzzles for which the word list is searched. */
export type PuzzleConfig = { dictionary: string; puzzles: string[] }

/** Is this arrangement a word? */
export function isWord(arrangement: string, { config }: Toolbox<PuzzleConfig>): boolean {
  return openDictionary(config).has(arrangement)
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
