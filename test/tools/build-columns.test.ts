import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { buildColumns, buildColumnsOfRows } from '../../src/tools/build-columns.ts'
import { ToolMemory } from '../../src/tools/tool-memory.ts'

describe('columns', () => {
  it('have the length of their rows', async () => {
    const memory = new ToolMemory(true)
    const made = [
      await buildColumns({ a: ['x', 'y'], b: Uint8Array.of(1, 2) }, memory),
      await buildColumnsOfRows(
        { a: String, b: Uint8Array },
        [
          { a: 'x', b: 1 },
          { a: 'y', b: 2, c: 3 },
        ],
        memory,
      ),
    ]
    for (const image of made) {
      assert.ok(image.kind === 'columns')
      assert.deepEqual(
        [image.length, image.columns.map(([name, { kind }]) => [name, kind])],
        [
          2,
          [
            ['a', 'strings'],
            ['b', 'numbers'],
          ],
        ],
      )
    }
  })

  it('name what is wrong', async () => {
    const memory = new ToolMemory(true)
    await assert.rejects(buildColumns({ a: ['x', 5] as never }, memory), /member 1 of column 'a' as a string: it is 5/)
    await assert.rejects(buildColumnsOfRows({ a: String }, [null], memory), /row 0 as an object: it is null/)
    await assert.rejects(
      buildColumnsOfRows({ a: BigInt64Array }, [{ a: 5 }], memory),
      /'a' of row 0 as a bigint: it is 5/,
    )
  })
})
