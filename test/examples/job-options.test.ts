import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { formatHelp, parseJobOptions, UsageError } from '../../examples/lib/job-options.ts'

const flags = ['quick', 'workers', 'letters', 'station', 'help'] as const

test('parseJobOptions() uses all cores and the real data by default', () => {
  const expected = { quick: false, workers: availableParallelism(), letters: [], station: [], help: false }
  assert.deepEqual(parseJobOptions([], flags), expected)
})

test('parseJobOptions() reads every flag', () => {
  const args = [
    '--quick',
    '--workers',
    '3',
    '--letters',
    'AMGNO',
    '--letters=dikkloor',
    '--station',
    'http://a.example/x',
    '-h',
  ]
  assert.deepEqual(parseJobOptions(args, flags), {
    quick: true,
    workers: 3,
    letters: ['amgno', 'dikkloor'],
    station: ['http://a.example/x'],
    help: true,
  })
})

const wrong: [string[], RegExp][] = [
  [['--quik'], /Unknown option '--quik': did you mean --quick\?/],
  [['--worker', '2'], /did you mean --workers\?/],
  [['--letter=x'], /did you mean --letters\?/],
  [['--nonsense'], /Unknown option '--nonsense': see --help/],
  [['-q'], /Unknown option '-q': did you mean --quick\?/],
  [['amgno'], /Unexpected argument 'amgno'/],
  [['--workers', '0'], /--workers 0: it must be a whole number from 1/],
  [['--workers', '2.5'], /--workers 2.5/],
  [['--workers', '1e3'], /--workers 1e3/],
  [['--workers'], /--workers/],
  [['--quick=yes'], /--quick/],
  [['--letters', 'a1'], /--letters a1: it must be 2 to 40 letters/],
  [['--station', 'file:///x'], /--station file:\/\/\/x: it must be an http or https URL/],
]
for (const [args, message] of wrong) {
  test(`parseJobOptions() explains what is wrong with ${args.join(' ')}`, () => {
    assert.throws(
      () => parseJobOptions(args, flags),
      (error) => error instanceof UsageError && message.test(error.message),
    )
  })
}

test('parseJobOptions() refuses the flag of another job', () => {
  assert.throws(() => parseJobOptions(['--letters', 'ab'], ['quick', 'help']), UsageError)
})

test('formatHelp() names every flag', () => {
  const text = formatHelp('Does it.', flags)
  for (const flag of flags) assert.match(text, new RegExp(`^  --${flag}`, 'm'))
  for (const line of text.split('\n')) assert.ok(line.length < 80, line)
})
