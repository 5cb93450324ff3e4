import { arrangements } from '../../../examples/lib/arrangements.ts'
import { WORKERS } from '../contenders/contender.ts'
import { createPool, permutations } from '../eisenmp.ts'
import { type PuzzleWay } from './protocol.ts'
import type * as Tasks from './puzzle-tasks.ts'
import { collectByPiscina } from './by-piscina.ts'

const tasks = new URL('./puzzle-tasks.ts', import.meta.url)

async function findByPool(source: Iterable<string>): Promise<string[]> {
  const pool = await createPool<typeof Tasks>({ modules: tasks, workers: WORKERS })
  const found = await pool.from(source).filter('isWord').toArray()
  await pool.close()
  return found
}

async function findPlainly(letters: string): Promise<string[]> {
  const { isWord } = await import('./puzzle-tasks.ts')
  const found: string[] = []
  for (const arrangement of arrangements(letters)) if (isWord(arrangement)) found.push(arrangement)
  return found
}

/** The words that have exactly these letters, by trying every arrangement. */
export function solvePuzzle(way: PuzzleWay, letters: string): Promise<string[]> {
  if (way === 'one thread') return findPlainly(letters)
  if (way === 'eisenmp, generator') return findByPool(arrangements(letters))
  if (way === 'eisenmp, permutations()') return findByPool(permutations(letters))
  return collectByPiscina(tasks, 'findWords', arrangements(letters))
}
