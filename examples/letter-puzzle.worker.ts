// What a worker does for the letter puzzle: three tasks, each an ordinary function.
import type { Toolbox } from 'eisenmp'
import { arrangements, sortLetters } from './lib/arrangements.ts'
import type { Stem } from './lib/arrangements.ts'

/** The dictionary, one word on each line, and the letters of the puzzles that are solved by reduction. */
export type PuzzleConfig = { dictionary: string; puzzles: string[] }

/** Is this arrangement a word? */
export function isWord(arrangement: string, toolbox: Toolbox): boolean {
  return openDictionary(toolbox).has(arrangement)
}

/** Finds the words that begin with a stem, by trying every arrangement of the rest. */
export function finishStem({ stem, rest }: Stem, toolbox: Toolbox): string[] {
  const dictionary = openDictionary(toolbox)
  const words: string[] = []
  for (const end of arrangements(rest)) if (dictionary.has(stem + end)) words.push(stem + end)
  return words
}

/** Has this word exactly the letters of one of the puzzles? */
export function solvesPuzzle(word: string, toolbox: Toolbox): boolean {
  puzzles ??= new Set(readConfig(toolbox).puzzles.map(sortLetters))
  return puzzles.has(sortLetters(word))
}

let words: Set<string> | undefined
let puzzles: Set<string> | undefined

/** Splits the dictionary at the first item: one string is quicker to send to a worker than a list of words. */
function openDictionary(toolbox: Toolbox): Set<string> {
  words ??= new Set(readConfig(toolbox).dictionary.split('\n'))
  return words
}

function readConfig(toolbox: Toolbox): PuzzleConfig {
  return toolbox.config as PuzzleConfig
}
