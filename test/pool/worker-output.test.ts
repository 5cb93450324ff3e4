import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runProgram } from '../support/run-program.ts'

describe('WorkerOutput', () => {
  it('passes on whole lines, a long one in pieces, and an unfinished one at the end', async () => {
    const { code, stdout, stderr } = await runProgram('print-lines.ts')
    assert.equal(code, 0)
    const lines = ['another line', 'one line', 'x'.repeat(70_000) + 'and one without an end', '']
    assert.equal(stdout, lines.join('\n'))
    assert.equal(stderr, 'oh no\nlisteners left: 0\n')
  })

  it('drops what nobody reads, and lets the work go on', async () => {
    const { code, stderr } = await runProgram('print-lines.ts', { closed: 'stdout' })
    assert.equal(code, 0, stderr)
    assert.match(stderr, /listeners left: 0\n$/)
  })

  it('ends a program quietly with 141 whose own output nobody reads', async () => {
    const { code, stderr } = await runProgram('print-lines.ts', '--own', { closed: 'stdout' })
    assert.equal(code, 141, stderr)
    assert.equal(stderr, 'oh no\n')
  })
})
