import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { explainUnknownTask } from '../../src/pool/task-names.ts'

const tasks = ['isPrime', 'square']

describe('explainUnknownTask()', () => {
  it('has nothing to say about a task', () => assert.equal(explainUnknownTask('square', tasks, 'map()'), undefined))

  it('names the nearest one', () => {
    const error = explainUnknownTask('isprim', tasks, 'filter()')
    assert.equal(error?.code, 'ERR_EISENMP_UNKNOWN_TASK')
    assert.equal(
      error.message,
      `Cannot find task "isprim" for filter(): the worker module exports 'isPrime', 'square'; did you mean 'isPrime'?`,
    )
  })

  it('says what to do when none is near, or when it is no name', () => {
    for (const name of ['somethingElse', 5, undefined, () => {}, 'toString', '__proto__'])
      assert.match(explainUnknownTask(name, tasks, 'run()')!.message, /; export the task as a function$/)
  })
})
