// How do workers share a table that is too big for each to have its own? As a tool: here 2,187,000 hashes, with the words
// that they were made of, once in memory for all workers. That is how words are found of which only the hash is known; a
// careful service salts its hashes, against which such a table is of no use.
//   node examples/rainbow-table.ts
import { createPool, tool } from 'eisenmp'
import { hashWord } from './lib/hash-word.ts'
import type { JobOptions } from './lib/job-options.ts'
import { runProgram } from './lib/program.ts'
import type * as Rainbow from './rainbow-table.worker.ts'

const SEARCHED = 10_000
const SYLLABLES = [...'bcdfghjklmnprstvwz'].flatMap((consonant) => [...'aeiou'].map((vowel) => consonant + vowel))

/** Words of three syllables, some with a vowel before them; with `quick` those of fewer first syllables. */
function* makeWords(quick: boolean): Generator<string> {
  const beginnings = (quick ? SYLLABLES.slice(0, 5) : SYLLABLES).flatMap((first) => [first, `a${first}`, `o${first}`])
  for (const beginning of beginnings) {
    for (const second of SYLLABLES) for (const third of SYLLABLES) yield beginning + second + third
  }
}

function* makeTable(quick: boolean): Generator<[hash: string, word: string]> {
  for (const word of makeWords(quick)) yield [hashWord(word), word]
}

/** Hashes of words of the table, and of as many that are not in it. */
function* makeHashes(quick: boolean): Generator<string> {
  const words = [...makeWords(quick)]
  for (let i = 0; i < SEARCHED; i += 1) {
    yield hashWord(words[(i * 7919) % words.length]!)
    yield hashWord(`no word ${i}`)
  }
}

async function findWords({ quick, workers }: JobOptions): Promise<string> {
  const start = performance.now()
  const modules = new URL('./rainbow-table.worker.ts', import.meta.url)
  const rainbow = tool.table(() => makeTable(quick))
  const pool = await createPool<typeof Rainbow>({ modules, workers: 1, tools: { rainbow } })
  try {
    const rows = await pool.run('countRows', undefined)
    console.log(`${rows.toLocaleString('en-US')} rows, made in ${((performance.now() - start) / 1000).toFixed(1)} s`)
    const before = process.memoryUsage.rss()
    await pool.resize(workers)
    const added = Math.max(0, process.memoryUsage.rss() - before) / 2 ** 20
    if (workers > 1)
      console.log(`${workers - 1} more workers: ${added.toFixed(0)} MB more, with the table once for all`)
    let found = 0
    for await (const word of pool.from(makeHashes(quick)).map('findWord')) if (word !== undefined) found += 1
    return `${found} words found of ${2 * SEARCHED} hashes`
  } finally {
    await pool.close()
  }
}

await runProgram({
  summary: 'Looks up words by their hashes, in a table that all workers share.',
  flags: ['quick', 'workers', 'help'],
  run: findWords,
})
