import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = new URL('../examples/', import.meta.url)
const limitMs = 60_000

type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string; lastLine: string }

/** Starts an example as a user does, with the Node that runs the tests; `eisenmp` is the built package. */
function start(name: string, args: string[] = []) {
  const nodeArgs = [fileURLToPath(new URL(name, folder)), ...args]
  const child = spawn(process.execPath, nodeArgs, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    const lastLine = output.stdout.trimEnd().split('\n').at(-1) ?? ''
    return { code, signal, ...output, lastLine }
  })
  return { child, output, ended }
}

/** The last line of each example; every example is in this list. */
const lastLines: Record<string, { args?: string[]; lastLine: RegExp }> = {
  'two-lines.ts': { lastLine: /^17$/ },
  'primes.ts': { lastLine: /^17984 primes below 200000$/ },
  'own-source.ts': { lastLine: /^268 lines hashed in order, file closed: true$/ },
  'csv-average.ts': { lastLine: /^average delay 9\.9958 minutes of 100000 flights$/ },
  'zip-average.ts': { lastLine: /^average 24\.5000 of 240000 rows$/ },
  'slow-consumer.ts': { lastLine: /^took 10 primes, source closed: true, numbers made below 200: true$/ },
  'poison.ts': { lastLine: /^39 of 40 pages arrived, dead letters: 13$/ },
  'timeout.ts': { lastLine: /^29 of 30 numbers arrived, ended by itemTimeoutMs: 0$/ },
  'letter-puzzle.ts': { args: ['--quick', '--workers', '1'], lastLine: /^3 of 4 puzzles solved$/ },
  'table-average.ts': { args: ['--quick', '--workers', '1'], lastLine: /^average delay 34\.8328 minutes$/ },
  'two-queues.ts': { lastLine: /^chunks missing: 0$/ },
  'four-feeders.ts': { lastLine: /^1000 readings of 4 queues, workers that died: 1, missing: 0$/ },
  'mate-control.ts': { lastLine: /^2 workers stopped by their mates, each after 30 chunks or a few more: true$/ },
  'rainbow-table.ts': { args: ['--quick', '--workers', '2'], lastLine: /^10000 words found of 20000 hashes$/ },
  'shop.ts': { args: ['--quick', '--workers', '2'], lastLine: /^60 orders in one database$/ },
  'colours.ts': { args: ['--quick'], lastLine: /^blue 4, green 4, red 4$/ },
  'more-workers.ts': { args: ['--quick'], lastLine: /^13 radios play, 3 workers had nothing to do$/ },
  'service.ts': { args: ['--quick', '--workers', '1'], lastLine: /^17984 primes in order, the last 199999$/ },
  'recorder.ts': { lastLine: /^10 stations recorded in 3 processes, 20 frames of Anton heard$/ },
  'main-job.ts': {
    args: ['--quick'],
    lastLine: /^Done in \d+ s: 3 of 4 puzzles solved, average delay 34\.8328 minutes$/,
  },
}

let mainJob: Ended | undefined

for (const [name, { args, lastLine }] of Object.entries(lastLines)) {
  test(`${name} ends with the line it promises`, async () => {
    const ended = await start(name, args).ended
    assert.equal(ended.code, 0, `${ended.signal} ${ended.stderr}`)
    assert.match(ended.lastLine, lastLine)
    if (name === 'main-job.ts') mainJob = ended
  })
}

test('main-job.ts in a pipe says what runs, keeps data and progress apart, paints nothing, fits 80 columns', () => {
  const { stdout, stderr } = mainJob!
  assert.match(stdout, /^eisenmp .+\nTwo jobs run now, each with \d+ workers?\D.*with no pool: a few seconds\./)
  assert.match(stdout, /^ {4}amgno {6}among mango ngoma$/m)
  assert.match(stdout, /^ {4}1 worker +\d+\.\d\d s +█+$/m)
  assert.ok(!`${stdout}${stderr}`.includes('\u001b'))
  assert.ok(!stdout.includes('items/s'))
  assert.match(stderr, /^reading the word lists\n/)
  for (const line of stdout.split('\n')) assert.ok(line.length < 80, line)
})

test('every example is run, and has its line in README.md and its place in the menu', async () => {
  const files = await readdir(folder)
  const examples = files.filter((file) => file.endsWith('.ts') && !/\.(worker|server)\.ts$/.test(file))
  assert.deepEqual(examples.sort(), Object.keys(lastLines).sort())
  const readme = await readFile(new URL('README.md', folder), 'utf8')
  for (const example of examples) assert.ok(readme.includes(`| [${example}](${example}) |`), example)
  const gallery = JSON.parse(await readFile(new URL('gallery.json', folder), 'utf8')) as { name: string }[]
  const inMenu = gallery.map(({ name }) => `${name}.ts`)
  // It is two others, one after the other, for `npm start`.
  assert.deepEqual([...inMenu, 'main-job.ts'].sort(), examples)
})

test('main-job.ts --help describes its flags and does nothing', async () => {
  const { code, stdout } = await start('main-job.ts', ['--help']).ended
  assert.equal(code, 0)
  for (const flag of ['--quick', '--workers', '--letters', '--help']) assert.ok(stdout.includes(flag), flag)
})

test('main-job.ts names the flag that was meant, without a stack', async () => {
  const { code, stdout, stderr } = await start('main-job.ts', ['--quik']).ended
  assert.equal(code, 2)
  assert.equal(stdout, '')
  assert.equal(stderr, "Unknown option '--quik': did you mean --quick?\n")
})

/** Starts a job of some seconds and sends it signals when `label` is on stderr. */
async function interrupt(label: string, signals: NodeJS.Signals[]): Promise<Ended> {
  const { child, output, ended } = start('main-job.ts', ['--quick', '--letters', 'cfhhilorrs', '--workers', '1'])
  child.stderr.on('data', () => {
    if (output.stderr.includes(label)) for (const signal of signals.splice(0)) child.kill(signal)
  })
  return ended
}

const interruptions: [string, NodeJS.Signals[], number | NodeJS.Signals][] = [
  ['made by the parent, 1 worker', ['SIGINT'], 130],
  ['made by the parent, 1 worker', ['SIGINT', 'SIGINT'], 130],
  ['made by the parent, 1 worker', ['SIGTERM'], 143],
  // In a plain loop there is no pool to drain: Node ends as by any signal that nobody handles.
  ['made by the parent, no pool', ['SIGINT'], 'SIGINT'],
]
for (const [label, signals, expected] of interruptions) {
  test(`main-job.ts ends with ${expected} and without a stack after ${signals.join(', ')} in ${label}`, async () => {
    const { code, signal, stderr } = await interrupt(label, [...signals])
    assert.equal(code ?? signal, expected, stderr)
    assert.doesNotMatch(stderr, /Error|^ +at /m)
  })
}

test('main-job.ts ends quietly when its reader leaves', async () => {
  const { child, ended } = start('main-job.ts', ['--quick'])
  child.stdout.once('data', () => child.stdout.destroy())
  const { code, stderr } = await ended
  assert.ok(code === 0 || code === 141, `${code} ${stderr}`)
  assert.doesNotMatch(stderr, /Error|^ +at /m)
})
