import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findStatusField, readSystemFile } from '../../src/supervisor/proc-files.ts'

it('readSystemFile() reads a file, and does not mind one that is not there', () => {
  assert.match(readSystemFile(fileURLToPath(import.meta.url)) ?? '', /does not mind/)
  assert.equal(readSystemFile('/proc/nothing/status'), undefined)
})

it('findStatusField() finds a field by its whole name', () => {
  const status = 'Cpus_allowed:\tff\nCpus_allowed_list:\t0-7\nVmRSS:\t   512 kB\n'
  assert.equal(findStatusField(status, 'Cpus_allowed'), 'ff')
  assert.equal(findStatusField(status, 'VmRSS'), '512 kB')
  assert.equal(findStatusField(status, 'allowed_list'), undefined)
})
