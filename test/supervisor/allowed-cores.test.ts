import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { afterEach, describe, it } from 'node:test'
import { readAllowedCores } from '../../src/supervisor/allowed-cores.ts'
import { TempFolder } from '../support/temp-folder.ts'

describe('readAllowedCores()', () => {
  const folder = new TempFolder()
  afterEach(() => folder.remove())

  it('reads the list of a thread', () => {
    folder.write('status', 'Name:\tnode\nCpus_allowed:\tf0f\nCpus_allowed_list:\t0-3,8-11\nMems_allowed:\t1\n')
    assert.deepEqual(readAllowedCores(folder.path), [0, 1, 2, 3, 8, 9, 10, 11])
  })

  it('knows nothing of a thread that is gone', () => assert.equal(readAllowedCores('/proc/none'), undefined))

  it('reads this thread', { skip: process.platform !== 'linux' && 'only Linux tells' }, () => {
    assert.ok(readAllowedCores()!.length >= availableParallelism())
  })
})
