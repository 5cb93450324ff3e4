import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { noTerminal, runInTerminal } from '../support/terminal.ts'
import { TempFolder } from '../support/temp-folder.ts'

/** The command line of the built package. */
const bin = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url))

async function run(args: readonly string[], file = bin) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number | null, stdout, stderr }
}

describe('eisenmp', () => {
  test('runs an example without the menu, its output alone on stdout', async () => {
    const { code, stdout, stderr } = await run(['examples', 'primes', '--workers', '2'])
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^one call, one answer: true\n[^]*17984 primes below 200000\n$/)
    assert.match(stderr, /^\$ eisenmp examples primes --workers 2\n/)
  })

  test('runs an example by its number in the list, and by the name of its file', async () => {
    const list = (await run(['examples'])).stdout
    const number = /^ *(\d+) +two-lines/m.exec(list)![1]!
    for (const name of [number, 'two-lines.ts']) {
      const { code, stdout, stderr } = await run(['examples', name, '--quiet'])
      assert.deepEqual([code, stdout, stderr], [0, '11\n13\n17\n', ''])
    }
  })

  test('prints a plain list in a pipe, names alone, or JSON', async () => {
    const { code, stdout, stderr } = await run(['examples'])
    assert.deepEqual([code, stderr], [0, ''])
    assert.ok(!stdout.includes('\u001b'))
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ +/)[1])
    assert.ok(names.includes('primes'))
    assert.deepEqual((await run(['examples', '--quiet'])).stdout.trimEnd().split('\n'), names)
    const parsed = JSON.parse((await run(['examples', '--json'])).stdout) as { name: string }[]
    assert.deepEqual(
      parsed.map(({ name }) => name),
      names,
    )
  })

  for (const [args, message] of [
    [['examples', 'prims'], /^Unknown example prims: did you mean primes\?\n$/],
    [['examples', 'nothing-like-it'], /^Unknown example nothing-like-it: see eisenmp examples\n$/],
    [['exampels'], /did you mean examples\?/],
    [['examples', 'two-lines', '--workers', '2'], /^Cannot use --workers with two-lines: it has no options\n$/],
    [['--workers', '2'], /^Cannot use --workers without an example/],
    [['examples', 'primes', '--workers', '0'], /Cannot use --workers 0: it must be a whole number from 1 to 256\n$/],
  ] as const) {
    test(`ends with 2 after ${args.join(' ')}, and says what is meant`, async () => {
      const { code, stdout, stderr } = await run(args)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, message)
    })
  }

  test('has help for itself, for examples and for each example, and a version', async () => {
    assert.match((await run([])).stdout, /^Usage: eisenmp <command>/)
    assert.match((await run(['--help'])).stdout, /^Usage: eisenmp <command>/)
    assert.match((await run(['examples', '--help'])).stdout, /^Usage: eisenmp examples \[name\]/)
    assert.match((await run(['examples', 'primes', '--help'])).stdout, /^Usage: eisenmp examples primes/)
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    assert.equal((await run(['--version'])).stdout, `${version}\n`)
  })

  test('tells a Node below the floor what is wrong, before it loads anything else', async () => {
    const folder = new TempFolder()
    try {
      folder.write('package.json', '{ "type": "module", "engines": { "node": ">=99" } }')
      folder.write('dist/cli/floor.js', readFileSync(join(dirname(bin), 'floor.js'), 'utf8'))
      const copy = folder.write('dist/cli/bin.js', readFileSync(bin, 'utf8'))
      const { code, stdout, stderr } = await run(['examples'], copy)
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, /^eisenmp needs Node >=99, and this is Node \d+/)
    } finally {
      folder.remove()
    }
  })

  test('is read by an old Node up to its check: no syntax after 2019 there', () => {
    for (const file of ['bin.js', 'floor.js']) {
      const code = readFileSync(join(dirname(bin), file), 'utf8')
      assert.doesNotMatch(code, /\?\?|\?\.\D|#[a-z]\w*[ =(;]|\|\|=|&&=|\d_\d|^\s*static\b|\bawait\b/m, file)
    }
  })
})

describe('eisenmp examples in a terminal', { skip: noTerminal }, () => {
  const args = [bin, 'examples']

  test('chooses by arrow keys', async () => {
    const { code, screen, isRaw } = await runInTerminal(args, [
      ['> ', '\u001b[B'],
      ['q leaves', '\u001b[A'],
      ['q leaves', '\r'],
    ])
    assert.deepEqual([code, isRaw], [0, false])
    assert.match(screen, /\$ eisenmp examples primes[^]*17984 primes below 200000/)
  })

  test('chooses by a number', async () => {
    const { code, screen, isRaw } = await runInTerminal(args, [['q leaves', '1']], { columns: 30, rows: 8 })
    assert.deepEqual([code, isRaw], [0, false])
    assert.match(screen, /\$ eisenmp examples primes/)
  })

  for (const [name, key, expected] of [
    ['Ctrl-C', '\u0003', 130],
    ['SIGTERM', 'SIGTERM', 143],
    ['q', 'q', 0],
  ] as const) {
    test(`ends with ${expected} by ${name}, and the terminal is as it was`, async () => {
      const { code, screen, isRaw } = await runInTerminal(args, [['q leaves', key]])
      assert.deepEqual([code, isRaw], [expected, false])
      assert.ok(screen.endsWith('\u001b[?25h\u001b[?1049l'), JSON.stringify(screen.slice(-50)))
    })
  }

  test('lets Ctrl-C end an example that was chosen, with 130', async () => {
    const { code, screen, isRaw } = await runInTerminal(
      [...args, '--quick', '--letters', 'cfhhilorrs', '--workers', '1'],
      [
        ['q leaves', '2'],
        ['made by the parent, 1 worker', '\u0003'],
      ],
    )
    assert.deepEqual([code, isRaw], [130, false], screen)
    assert.doesNotMatch(screen, /Error|^ +at /m)
  })

  test('shows no menu on a dumb terminal, in CI, or when it is told so; NO_COLOR takes the colours', async () => {
    for (const [more, env] of [
      [[], { TERM: 'dumb' }],
      [[], { CI: 'true' }],
      [['--no-input'], {}],
    ] as const) {
      const { code, screen } = await runInTerminal([...args, ...more], [], { env })
      assert.equal(code, 0)
      assert.ok(screen.includes('primes') && !screen.includes('\u001b'), screen)
    }
    const { screen } = await runInTerminal(args, [['q leaves', 'q']], { env: { NO_COLOR: '1' } })
    assert.ok(!screen.includes('\u001b[1m') && !screen.includes('\u001b[36m'))
  })
})
