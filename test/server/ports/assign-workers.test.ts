import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PortGroupOptions } from '../../../src/server/ports/port-options.ts'
import { planOn } from './plan.ts'

type Workers = PortGroupOptions['workers']

/** The name of each worker, by index; groups are `a`, `b` and so on. */
function assign(groups: readonly Workers[], workers?: number): string {
  const named = groups.map((its, i) => ({ name: 'abc'.charAt(i), workers: its, ports: 'auto' as const }))
  return planOn({ groups: named }, { workers })
    .map(({ name }) => name)
    .join(' ')
}

describe('assignWorkers()', () => {
  const rows: readonly (readonly [groups: readonly Workers[], workers: number | undefined, names: string])[] = [
    [[[0, 2], 'rest'], 4, 'a-0 b-0 a-1 b-1'],
    [[2, [1]], undefined, 'a-0 b-0 a-1'],
    [['rest', [3]], undefined, 'a-0 a-1 a-2 b-0'],
    [['rest', [9]], undefined, 'a-0 a-1 a-2 a-3 a-4 a-5 a-6 a-7 a-8 b-0'],
    [[5, 'rest'], undefined, 'a-0 a-1 a-2 a-3 a-4 b-0'],
    [[1, 1, 'rest'], 3, 'a-0 b-0 c-0'],
    [[[1, 0]], undefined, 'a-0 a-1'],
  ]
  for (const [groups, workers, names] of rows) {
    it(`gives ${JSON.stringify(groups)} of ${workers ?? 'as many as it takes'}: ${names}`, () => {
      assert.equal(assign(groups, workers), names)
    })
  }

  const refusals: readonly (readonly [groups: readonly Workers[], workers: number | undefined, message: string])[] = [
    [
      [[0, 4], 'rest'],
      2,
      "option 'workers' of group 'a' of serve(): there is no worker 4; there are workers 0 to 1; raise 'workers' of serve()",
    ],
    [
      [[1]],
      1,
      "option 'workers' of group 'a' of serve(): there is no worker 1; there is worker 0 only; raise 'workers' of serve()",
    ],
    [
      [[0, 1], [1]],
      2,
      "option 'workers' of group 'b' of serve(): group 'a' has worker 1 too; a worker belongs to one group; name it once",
    ],
    [
      [[0, 0]],
      1,
      "option 'workers' of group 'a' of serve(): worker 0 is named twice; a worker belongs to one group; name it once",
    ],
    [
      [[0], 2],
      2,
      "option 'workers' of group 'b' of serve(): it needs 2, and of 2 workers 1 are in no other group; set 'workers' of serve() to 3 or more",
    ],
    [
      ['rest', 'rest'],
      2,
      "option 'workers' of group 'b' of serve(): group 'a' has the rest already; give one of them numbers or a count",
    ],
    [
      [[0, 1], 'rest'],
      2,
      "option 'workers' of group 'b' of serve(): all 2 workers are in other groups; set 'workers' of serve() to 3 or more",
    ],
    [
      [[0]],
      3,
      "option 'groups' of serve(): workers 1, 2 of 3 would be in no group; lower 'workers', or give one group workers: 'rest'",
    ],
    [
      [[0], [2]],
      undefined,
      "option 'groups' of serve(): worker 1 of 3 would be in no group; lower 'workers', or give one group workers: 'rest'",
    ],
  ]
  for (const [groups, workers, message] of refusals) {
    it(`refuses ${JSON.stringify(groups)} of ${workers ?? 'as many as it takes'}`, () => {
      assert.throws(() => assign(groups, workers), { code: 'ERR_EISENMP_OPTION', message: `Cannot use ${message}` })
    })
  }
})
