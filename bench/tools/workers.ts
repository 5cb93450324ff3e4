import { readFileSync } from 'node:fs'
import type { NumberList, Toolbox, WordSet } from '../../src/index.ts'

interface Tools {
  readonly numbers: NumberList
  readonly words: WordSet
}
type Box = Toolbox<unknown, unknown, Tools>

/** Goes through all numbers, so that every page has been touched. */
export function sum(_item: unknown, { tools: { numbers } }: Box): number {
  let total = 0
  if (ArrayBuffer.isView(numbers)) for (const number of numbers as unknown as Float64Array) total += number
  else for (let i = 0; i < numbers.length; i += 1) total += numbers.at(i)!
  return total
}

let own: ReadonlySet<string> | undefined
let asked: readonly string[] | undefined

/** A set of this worker's own, to compare. */
export function fillOwnSet(file: string): number {
  own = new Set(readFileSync(file, 'utf8').split('\n'))
  return own.size
}

/** Of this thread, in µs, so that others on the machine do not count; Node 22 has only the clock. */
function readCpu(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } }
  if (threadCpuUsage === undefined) return performance.now() * 1000
  const { user, system } = threadCpuUsage.call(process)
  return user + system
}

/** µs of a core for one look-up, of words in no order, half of which are there; strings as a program has them, read in from text. */
export function measureLookUps(
  { file, of, times }: { file: string; of: 'tool' | 'set'; times: number },
  { tools }: Box,
): { readonly us: number; readonly found: number } {
  asked ??= readFileSync(file, 'utf8').split('\n')
  const words = asked
  const set: { has(word: string): boolean } = of === 'tool' ? tools.words : own!
  let found = 0
  const startedAt = readCpu()
  for (let i = 0; i < times; i++) if (set.has(words[i % words.length]!)) found += 1
  return { us: (readCpu() - startedAt) / times, found }
}

/** Bytes that count for this process, its part of what is shared included. */
export function readMemory(): { readonly pid: number; readonly rss: number; readonly pss: number } {
  const read = (name: string): number => {
    const text = readFileSync('/proc/self/smaps_rollup', 'utf8')
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024
  }
  return { pid: process.pid, rss: read('Rss'), pss: read('Pss') }
}
