/**
 * What does big read-only data cost in memory and time? `node bench/tools.ts --gb 2 --workers 2,4,8`: the memory of
 * workers that have all read a table as a tool, and the time of looking words up, as a tool and in a `Set` of each worker.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    gb: { type: 'string', default: '2' },
    workers: { type: 'string', default: '2,4,8' },
    words: { type: 'string', default: '1000000' },
    backends: { type: 'string', default: 'threads,processes' },
  },
})
const counts = values.workers.split(',').map(Number)
const backends = values.backends.split(',')
const GB = 2 ** 30
/** Nothing worth mentioning: what the workers take by themselves. */
const EMPTY_GB = 1e-6

function run(program: string, ...args: readonly (string | number)[]): unknown {
  const path = fileURLToPath(new URL(`./tools/${program}`, import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [path, ...args.map(String)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`)
  return JSON.parse(stdout)
}

interface Memory {
  readonly rss: number
  readonly pss: number
  readonly startedMs: number
}

function toMb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}

/** Threads are one process, whose RSS is what there is; of processes, PSS counts shared pages once. */
function measureMemory(gb: number): void {
  console.log(`\nMemory, MB, with a table of ${toMb(gb * GB)} MB that every worker has gone through\n`)
  console.log('| backend | workers | without | with | the table once and | per worker | RSS added up | start, s |')
  console.log('| --- | --: | --: | --: | --: | --: | --: | --: |')
  for (const backend of backends) {
    const name = backend === 'threads' ? 'rss' : 'pss'
    for (const count of counts) {
      const empty = run('memory.ts', backend, count, EMPTY_GB) as Memory
      const full = run('memory.ts', backend, count, gb) as Memory
      const more = full[name] - empty[name] - gb * GB
      const share = ((more / count / (gb * GB)) * 100).toFixed(2)
      const start = (full.startedMs / 1000).toFixed(1)
      const cells = [
        backend,
        count,
        toMb(empty[name]),
        toMb(full[name]),
        toMb(more),
        `${share} %`,
        toMb(full.rss),
        start,
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
  }
}

interface LookUps {
  readonly tool: readonly number[]
  readonly set: readonly number[]
  readonly startedMs: number
}

/** Words of letters, about as long as those of a language; every second one that is asked for is not there. */
function writeWords(folder: string, count: number): [words: string, asked: string] {
  const toWord = (n: number): string => {
    let word = ''
    for (let rest = Math.imul(n, 2_654_435_761) >>> 0, i = 0; i < 4 + (n % 9) || rest > 0; i++) {
      word += String.fromCharCode(97 + ((rest + i * n) % 26))
      rest = Math.floor(rest / 26)
    }
    return word
  }
  const words = new Set<string>()
  let next = 0
  while (words.size < count) words.add(toWord((next += 1)))
  const absent = new Set<string>()
  while (absent.size < count) {
    const word = toWord((next += 1))
    if (!words.has(word)) absent.add(word)
  }
  const list = [...words]
  const missing = [...absent]
  // In no order, each once.
  const step = 611_953
  const asked = Array.from(
    { length: 2 * count },
    (_, i) => (i % 2 === 0 ? list : missing)[(Math.floor(i / 2) * step) % count]!,
  )
  const paths: [string, string] = [join(folder, 'words.txt'), join(folder, 'asked.txt')]
  writeFileSync(paths[0], list.join('\n'))
  writeFileSync(paths[1], asked.join('\n'))
  return paths
}

function measureLookUps(words: number): void {
  console.log(`\n\`has\` in ${words} words, µs of a core in each worker, all at the same time\n`)
  console.log('| backend | workers | tool | a `Set` of each worker | start, s |')
  console.log('| --- | --: | --- | --- | --: |')
  const folder = mkdtempSync(join(tmpdir(), 'eisenmp-bench-'))
  try {
    const paths = writeWords(folder, words)
    for (const backend of backends) {
      for (const count of counts) {
        const { tool, set, startedMs } = run('look-ups.ts', backend, count, ...paths) as LookUps
        const show = (all: readonly number[]): string => all.map((us) => us.toFixed(2)).join(', ')
        console.log(`| ${backend} | ${count} | ${show(tool)} | ${show(set)} | ${(startedMs / 1000).toFixed(1)} |`)
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})`)
measureLookUps(Number(values.words))
measureMemory(Number(values.gb))
