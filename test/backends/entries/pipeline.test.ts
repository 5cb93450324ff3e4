import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Pipeline, type Task, adopt, isThenable } from '../../../src/backends/entries/pipeline.ts'
import { idleLink } from '../../support/idle-link.ts'
import { WorkerToolbox } from '../../../src/backends/entries/toolbox.ts'
import type { Stage, StageKind } from '../../../src/protocol/messages.ts'

const toolbox = new WorkerToolbox({ id: '0.1', index: 0, name: 'w', config: undefined }, 0, idleLink)

const tasks: Record<string, Task> = {
  double: (n) => (n as number) * 2,
  doubleLater: async (n) => (n as number) * 2,
  isOdd: (n) => (n as number) % 2 === 1,
  isOddLater: async (n) => (n as number) % 2 === 1,
  twice: (n) => [n, n],
  twiceAsSet: (n) => new Set([n, [n]]),
  twiceLater: async function* twiceLater(n) {
    yield n
    yield n
  },
  add: ((a: number, b: number) => a + b) as unknown as Task,
  fail: () => {
    throw new RangeError('no luck')
  },
}

function create(...stages: readonly (readonly [kind: StageKind, task: string])[]): Pipeline {
  const list: Stage[] = stages.map(([kind, task]) => ({ kind, task }))
  return new Pipeline(list, new Map(Object.entries(tasks)), toolbox)
}

async function run(pipeline: Pipeline, value: unknown): Promise<unknown[]> {
  const values: unknown[] = []
  await pipeline.run(value, (result) => void values.push(result))
  return values
}

describe('Pipeline', () => {
  it('stays synchronous as long as the tasks do', () => {
    const seen: unknown[] = []
    const pending = create(['map', 'double'], ['flatMap', 'twice'], ['map', 'double']).run(
      3,
      (value) => void seen.push(value),
    )
    assert.equal(pending, undefined)
    assert.deepEqual(seen, [12, 12])
  })

  it('passes values through sync and async stages in order', async () => {
    const through = create(['flatMap', 'twice'], ['map', 'doubleLater'], ['flatMap', 'twiceLater'], ['map', 'double'])
    assert.deepEqual(await run(through, 1), [4, 4, 4, 4])
    assert.deepEqual(await run(create(['flatMap', 'twiceAsSet']), 1), [1, [1]])
    assert.deepEqual(await run(create(), 'as it is'), ['as it is'])
  })

  it('filters by what the task gives, and passes on the item', async () => {
    for (const task of ['isOdd', 'isOddLater']) {
      assert.deepEqual(await run(create(['filter', task]), 3), [3])
      assert.deepEqual(await run(create(['filter', task]), 4), [])
    }
  })

  it('waits for an end that is async, before it goes on', async () => {
    const order: string[] = []
    await create(['flatMap', 'twice']).run('v', async (value) => {
      order.push(`begin ${value as string}`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push('end')
    })
    assert.deepEqual(order, ['begin v', 'end', 'begin v', 'end'])
  })

  it('folds several values into one', async () => {
    assert.deepEqual(await run(create(['fold', 'add']), [1, 2, 3]), [6])
    assert.deepEqual(await run(create(['fold', 'add']), [1]), [1])
  })

  it('calls tasks without a this and with the toolbox', async () => {
    let seen: unknown[] = []
    const curious = new Map<string, unknown>([
      [
        'look',
        function look(this: unknown, ...args: unknown[]) {
          seen = [this, ...args]
        },
      ],
    ])
    await new Pipeline([{ kind: 'map', task: 'look' }], curious, toolbox).run('item', () => {})
    assert.deepEqual(seen, [undefined, 'item', toolbox])
  })

  it('throws what a task throws', async () => {
    assert.throws(() => create(['map', 'fail']).run(1, () => {}), RangeError)
    await assert.rejects(async () => create(['map', 'doubleLater'], ['map', 'fail']).run(1, () => {}), RangeError)
  })

  for (const [name, value] of [
    ['null', null],
    ['number', 5],
    ['string', 'text'],
    ['object', {}],
  ] as const) {
    it(`refuses what does not iterate in flatMap: ${name}`, () => {
      const pipeline = new Pipeline([{ kind: 'flatMap', task: 'give' }], new Map([['give', () => value]]), toolbox)
      assert.throws(() => pipeline.run(1, () => {}), {
        name: 'TypeError',
        message: `Task 'give' in flatMap() must return an iterable: it returned ${name}; return [value] instead`,
      })
    })
  }
})

describe('adopt()', () => {
  it('leaves a promise as it is, and settles once whatever else has a then', async () => {
    const promise = Promise.resolve(1)
    assert.equal(adopt(promise), promise)
    class Twice {
      // oxlint-disable-next-line unicorn/no-thenable -- such are given
      then(resolve: (value: number) => void): void {
        resolve(1)
        resolve(2)
        throw new Error('late')
      }
    }
    const results: unknown[] = []
    await adopt(new Twice() as unknown as PromiseLike<unknown>).then((value) => results.push(value))
    assert.deepEqual(results, [1])
  })
})

describe('isThenable()', () => {
  it('is true for objects with a then() only', () => {
    assert.ok(isThenable(Promise.resolve()))
    for (const value of [undefined, null, 5, 'then', {}, []]) assert.ok(!isThenable(value))
  })
})
