import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { UsageError } from '../../src/cli/usage.ts'

test('parseCommandLine() passes options on to the example, wherever they stand', () => {
  for (const args of [
    ['examples', 'primes', '--workers', '2', '--quick'],
    ['examples', '--workers', '2', 'primes', '--quick'],
  ]) {
    const { command, operand, passedOn, passedNames } = parseCommandLine(args)
    assert.deepEqual([command, operand], ['examples', 'primes'])
    assert.deepEqual(passedOn, ['--workers', '2', '--quick'])
    assert.deepEqual(passedNames, ['workers', 'quick'])
  }
  assert.deepEqual(parseCommandLine(['examples', 'x', '--letters=ab', '--letters', 'cd']).passedOn, [
    '--letters',
    'ab',
    '--letters',
    'cd',
  ])
})

test('parseCommandLine() keeps its own options', () => {
  const { json, quiet, color, input, passedOn } = parseCommandLine(['examples', '--json', '--quiet', '--no-input'])
  assert.deepEqual(
    { json, quiet, color, input, passedOn },
    { json: true, quiet: true, color: true, input: false, passedOn: [] },
  )
  assert.equal(parseCommandLine(['--no-color']).color, false)
})

test('parseCommandLine() knows help and version, short and long', () => {
  assert.equal(parseCommandLine([]).command, 'none')
  for (const flag of ['-h', '--help']) assert.equal(parseCommandLine([flag]).command, 'help')
  for (const flag of ['-V', '--version']) assert.equal(parseCommandLine([flag]).command, 'version')
  assert.equal(parseCommandLine(['examples', 'primes', '-h']).operand, 'primes')
})

for (const [args, message] of [
  [['exampels'], /^Unknown command exampels: did you mean examples\?$/],
  [['server'], /^Unknown command server: did you mean serve\?$/],
  [['dance'], /^Unknown command dance: see eisenmp --help$/],
  [['ps', '--watch'], /^Cannot use --watch with ps: see eisenmp ps --help$/],
  [['reload', 'a', 'b'], /^Unexpected argument b: one name at a time$/],
  [['examples', 'primes', '--worker', '2'], /^Unknown option --worker: did you mean --workers\?$/],
  [['examples', '-x'], /^Unknown option -x: see eisenmp examples --help$/],
  [['examples', 'a', 'b'], /^Unexpected argument b: one example at a time$/],
  [['examples', 'primes', '--workers'], /--workers/],
  [['examples', '--quick=yes'], /--quick/],
] as const) {
  test(`parseCommandLine() explains what is wrong with ${args.join(' ')}`, () => {
    assert.throws(
      () => parseCommandLine(args),
      (error) => error instanceof UsageError && message.test(error.message),
    )
  })
}
