import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { compareWays } from '../../examples/lib/comparison.ts'
import type { Comparison } from '../../examples/lib/comparison.ts'
import { formatComparison, remarkOnCores } from '../../examples/lib/comparison-chart.ts'
import { watchOthers } from '../../examples/lib/machine-use.ts'

const times = { plainMs: 4000, oneWorkerMs: 5000, allWorkersMs: 2500 }
const comparison: Comparison = {
  label: 'words',
  workers: 4,
  tickets: 1234,
  ...times,
  parentShare: 0.456,
  othersShare: 0,
}

function draw(change: Partial<Comparison>, columns = 80): string[] {
  return stripVTControlCharacters(formatComparison({ ...comparison, ...change }, columns)).split('\n')
}

test('compareWays() gives out the results of the first run at once, and refuses others in a later one', async () => {
  const seen: number[][] = []
  const work = {
    label: 'squares',
    workers: 1,
    pooled: async () => ({ results: [1, 4], tickets: 7 }),
    plain: async () => [1, 4],
    onResults: (results: number[]) => void seen.push(results),
  }
  const { tickets, oneWorkerMs, allWorkersMs } = await compareWays(work)
  assert.equal(tickets, 7)
  assert.equal(oneWorkerMs, allWorkersMs)
  await assert.rejects(compareWays({ ...work, plain: async () => [4, 1] }), /Results differ: squares/)
  assert.deepEqual(seen, [
    [1, 4],
    [1, 4],
  ])
})

test('formatComparison() draws bars as long as their times, and the speed-up against one worker', () => {
  assert.deepEqual(draw({}), [
    '  words: 1,234 tickets, parent busy 46 %',
    `    no pool      4.00 s  ${'█'.repeat(28)}`,
    `    1 worker     5.00 s  ${'█'.repeat(35)}`,
    `    4 workers    2.50 s  ${'█'.repeat(18).padEnd(35)}  speed-up 2.00 x`,
  ])
})

test('formatComparison() fits any screen from 50 columns on', () => {
  for (const columns of [50, 64, 80]) {
    const slow = { workers: 128, plainMs: 1_234_567, oneWorkerMs: 1_230_000, allWorkersMs: 11_000 }
    for (const line of draw(slow, columns)) assert.ok(line.length < columns, `${columns}: ${line}`)
  }
})

test('formatComparison() says when a pool does not pay or its parent is the limit, but not on a busy machine', () => {
  const notes = (change: Partial<Comparison>) => draw(change).filter((line) => line.includes('note: '))
  assert.deepEqual(notes({}), [])
  assert.deepEqual(notes({ plainMs: 2000, othersShare: undefined }), [
    '    note: a plain loop is faster: too little work for the cost of workers',
  ])
  assert.deepEqual(notes({ parentShare: 0.97 }), ['    note: the parent, which feeds the workers, holds them up'])
  assert.deepEqual(notes({ parentShare: 0.97, othersShare: 0.7 }), [])
})

test('remarkOnCores() says what more workers cannot win', () => {
  assert.match(remarkOnCores(2, 1) ?? '', /one core/)
  assert.match(remarkOnCores(1, 2) ?? '', /nothing to compare/)
  assert.equal(remarkOnCores(4, 2), '4 workers share 2 cores')
  assert.equal(remarkOnCores(2, 2), undefined)
})

test('watchOthers() tells a share', () => {
  const read = watchOthers()
  const end = performance.now() + 100
  while (performance.now() < end);
  const share = read()
  assert.ok(share === undefined || (share >= 0 && share <= 1), `${share}`)
})
