import { parquetReadObjects, asyncBufferFromFile } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const folder = new URL('../examples/', import.meta.url)
const limitMs = 120_000

type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string; lastLine: string }

/** Starts an example as a user does, with the Node that runs the tests and the sources of this package. */
function start(name: string, args: string[] = []) {
  const nodeArgs = ['--conditions=eisenmp-source', fileURLToPath(new URL(name, folder)), ...args]
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
  'poison.ts': { lastLine: /^39 of 40 pages arrived, dead letters: 13$/ },
  'slow-consumer.ts': { lastLine: /^took 10 primes, source closed: true, numbers made below 200: true$/ },
  'letter-puzzle.ts': { args: ['--quick'], lastLine: /^3 of 4 puzzles have a word$/ },
  'table-average.ts': { args: ['--quick'], lastLine: /^average delay of 1,980 flights: 34\.8328 minutes$/ },
  'main-job.ts': {
    args: ['--quick'],
    lastLine: /^Done in \d+ s: 3 of 4 puzzles have a word; average delay of 1,980 flights: 34\.8328 minutes$/,
  },
}

for (const [name, { args, lastLine }] of Object.entries(lastLines)) {
  test(`${name} ends with the line it promises`, async () => {
    const { code, stderr, lastLine: actual } = await start(name, args).ended
    assert.equal(code, 0, stderr)
    assert.match(actual, lastLine)
  })
}

test('every example is run', async () => {
  const files = await readdir(folder)
  const examples = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.worker.ts'))
  assert.deepEqual(examples.sort(), Object.keys(lastLines).sort())
})

test('letter-puzzle.ts finds the words of letters from the command line, in the real lists', async () => {
  const { code, stdout, stderr } = await start('letter-puzzle.ts', ['--letters', 'AMGNO', '--letters=eehinorst']).ended
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^ {2}amgno +.*\bmango\b/m)
  assert.match(stdout, /^ {2}eehinorst +.*\betherions\b/m)
  assert.match(stdout, /^ {2}181,560 arrangements of up to 10 letters$/m)
})

test('table-average.ts computes what a plain loop over all rows computes', async () => {
  const file = await asyncBufferFromFile(
    fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))),
  )
  const rows = await parquetReadObjects({ file, compressors, columns: ['delay'] })
  const delays = Int32Array.from(rows, (row) => Number(row['delay'])).sort()
  const average = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
  const quantiles = [1, 25, 50, 75, 99].map((p) => `${p} %: ${delays[Math.ceil((p * delays.length) / 100) - 1]}`)

  const { code, stdout, stderr } = await start('table-average.ts').ended
  assert.equal(code, 0, stderr)
  const extremes = `average ${average.toFixed(4)}  minimum ${delays[0]}  maximum ${delays.at(-1)}`
  assert.ok(stdout.includes(extremes), stdout)
  assert.ok(stdout.includes(`quantiles  ${quantiles.join('  ')}`), stdout)
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

test('main-job.ts in a pipe keeps data and progress apart and paints nothing', async () => {
  const { code, stdout, stderr } = await start('main-job.ts', ['--quick', '--workers', '2']).ended
  assert.equal(code, 0, stderr)
  assert.ok(!`${stdout}${stderr}`.includes('\u001b'))
  assert.ok(!stdout.includes('items/s'))
  assert.match(stderr, /^reading the word lists\n/)
})

test('main-job.ts ends with 130 and without a stack when it is interrupted', async () => {
  const { child, output, ended } = start('main-job.ts', ['--letters', 'abcilnorsu'])
  child.stderr.on('data', () => {
    if (output.stderr.includes('arrangements') && !child.killed) child.kill('SIGINT')
  })
  const { code, signal, stderr } = await ended
  assert.equal(code ?? signal, 130, stderr)
  assert.doesNotMatch(stderr, /Error|^ +at /m)
})

test('main-job.ts ends quietly when its reader leaves', async () => {
  const { child, ended } = start('main-job.ts', ['--quick'])
  child.stdout.once('data', () => child.stdout.destroy())
  const { code, stderr } = await ended
  assert.ok(code === 0 || code === 141, `${code} ${stderr}`)
  assert.doesNotMatch(stderr, /Error|^ +at /m)
})
