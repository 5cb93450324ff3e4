import { readFileSync } from 'node:fs'
import { WORDS_VARIABLE } from './protocol.ts'

/** Every worker reads the list for itself; that belongs to the job. */
const words = new Set(readFileSync(process.env[WORDS_VARIABLE]!, 'utf8').split('\n'))

export function isWord(arrangement: string): boolean {
  return words.has(arrangement)
}

/** A chunk made by hand. */
export function findWords(arrangements: readonly string[]): string[] {
  return arrangements.filter(isWord)
}
