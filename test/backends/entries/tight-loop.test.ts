import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Answer } from '../../../src/backends/entries/answer.ts'
import { Pipeline } from '../../../src/backends/entries/pipeline.ts'
import { TightLoop, offsetAt } from '../../../src/backends/entries/tight-loop.ts'
import { idleLink } from '../../support/idle-link.ts'
import { WorkerToolbox } from '../../../src/backends/entries/toolbox.ts'
import type { Program } from '../../../src/protocol/messages.ts'
import type { Progression } from '../../../src/stream/indexed-source.ts'

const toolbox = new WorkerToolbox({ id: '0.1', index: 0, name: 'w', config: undefined }, 0, idleLink)
/** A filter's verdict counts as 0 or 1. */
function sum(a: unknown, b: unknown): number {
  return Number(a) + Number(b)
}

const tasks = new Map<string, unknown>([
  ['isOdd', (n: number) => n % 2 === 1],
  ['one', (n: number) => n % 2],
  ['later', async (n: number) => n % 2 === 1],
  ['refuse', (n: number) => (n === 2 ? assert.fail('two') : true)],
  ['add', sum],
  ['addLater', async (a: unknown, b: unknown) => sum(a, b)],
  ['addSometimesLater', (a: unknown, b: unknown) => (b === 3 ? Promise.resolve(sum(a, b)) : sum(a, b))],
  ['addBelow5', (a: number, b: number) => (a + b < 5 ? a + b : assert.fail('too much'))],
  ['twice', (n: number) => [n, n]],
])

const odd = [{ kind: 'filter', task: 'isOdd' }] as const

async function run(
  program: Program,
  items: number[],
  progression?: Progression,
): Promise<{ values: unknown[]; failed: number[]; marks: number }> {
  const answer = new Answer(program.sink, tasks, toolbox, false)
  const pipeline = new Pipeline(program.stages, tasks, toolbox)
  const mark = new Float64Array(3)
  const loop = new TightLoop({ program, tasks, toolbox, pipeline, answer, mark })
  const stretch = { items: progression === undefined ? items : [], progression, offsets: undefined, base: 10 }
  while (loop.at < items.length) {
    const pending = loop.run(stretch, items.length, 10)
    if (pending === undefined) continue
    await pending
    loop.at += 1
  }
  const { values, failures } = answer.take()
  return { values: [...values], failed: failures.map(({ offset }) => offset), marks: mark[1]! }
}

describe('TightLoop', () => {
  for (const task of ['isOdd', 'one', 'later'])
    it(`counts what passes '${task}', and marks the last item`, async () => {
      const stages = [{ kind: 'filter', task }] as const
      const items = [1, 2, 3, 4]
      const counted = await run({ stages, sink: { kind: 'count' } }, items)
      assert.deepEqual([counted.values.reduce<number>((a, b) => a + (b as number), 0), counted.marks], [2, 13])
      assert.deepEqual(
        (await run({ stages: [...stages, ...stages].slice(0, 1), sink: { kind: 'values' } }, items)).values,
        [1, 3],
      )
    })

  it('goes on behind an item that fails', async () => {
    const stages = [{ kind: 'filter', task: 'refuse' }] as const
    assert.deepEqual(await run({ stages, sink: { kind: 'count' } }, [1, 2, 3, 4]), {
      values: [1, 2],
      failed: [1],
      marks: 13,
    })
    assert.deepEqual((await run({ stages, sink: { kind: 'values' } }, [1, 2, 3, 4])).values, [1, 3, 4])
  })

  it('makes the numbers of a progression itself, in every loop', async () => {
    const items = [3, 5, 7, 9]
    const programs: readonly Program[] = [
      { stages: odd, sink: { kind: 'count' } },
      { stages: odd, sink: { kind: 'values' } },
      { stages: odd, sink: { kind: 'reduce', task: 'add' } },
      { stages: [{ kind: 'map', task: 'later' }], sink: { kind: 'values' } },
      { stages: [{ kind: 'flatMap', task: 'twice' }], sink: { kind: 'values' } },
    ]
    for (const program of programs)
      assert.deepEqual(await run(program, items, { first: 3, step: 2 }), await run(program, items))
  })

  for (const [name, stages, expected] of [
    ['nothing', [], [10]],
    ['a task', [{ kind: 'map', task: 'one' }], [2]],
    ['an async task', [{ kind: 'map', task: 'later' }], [2]],
    ['a filter', odd, [4]],
    ['a task that fails', [{ kind: 'filter', task: 'refuse' }], [1, 7]],
  ] as const)
    it(`reduces what is left by ${name}`, async () => {
      for (const task of ['add', 'addLater', 'addSometimesLater']) {
        const { values, marks } = await run({ stages, sink: { kind: 'reduce', task } }, [1, 2, 3, 4])
        assert.deepEqual([values, marks], [expected, 13], task)
      }
    })

  it('keeps the partial result of the items before one whose folding fails', async () => {
    const program: Program = { stages: [], sink: { kind: 'reduce', task: 'addBelow5' } }
    assert.deepEqual(await run(program, [1, 2, 3, 4]), { values: [3, 4], failed: [2], marks: 13 })
  })

  it('runs other stages as ever', async () => {
    const stages = [{ kind: 'flatMap', task: 'twice' }] as const
    assert.deepEqual((await run({ stages, sink: { kind: 'values' } }, [1, 2])).values, [1, 1, 2, 2])
  })

  it('knows places that have gaps', () => {
    assert.equal(offsetAt({ items: [1, 2], offsets: [4, 9], base: 0 }, 1), 9)
  })
})
